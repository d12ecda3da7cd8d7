-- What the dialects call their tables, with the columns that they are known by, each dialect in a schema of its own. A schema that is there
-- already is used: a role that may not make schemas can be given them. What was removed is left out.

do $$
declare
  dialect text;
begin
  foreach dialect in array array['tickets', 'drops', 'seats'] loop
    if to_regnamespace(dialect) is null then
      execute format('create schema %I', dialect);
    end if;
  end loop;
end
$$;

-- Exact: a number of ms through a floating point would be off by some.
create function holdfast.time_of(ms bigint) returns timestamptz language sql stable parallel safe as $$
  select timestamptz 'epoch' + ms / 1000 * interval '1 second' + ms % 1000 * interval '1 millisecond'
$$;

-- Null for what is no time of the years 1 to 9999 in UTC, as the store writes them.
create function holdfast.time_in(given text) returns timestamptz language sql stable parallel safe as $$
  select case when given ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$' and given >= '0001' then given::timestamptz end
$$;

create view tickets.events as
select
  'sale_' || cells.id || '_' || sales.id as id,
  sales.name as name,
  sales.capacity as "totalSeats",
  sales.sold as "seatsSold",
  sales.available as "seatsRemaining",
  holdfast.time_of(sales.created_at_ms) as "createdAt"
from holdfast.sales cross join holdfast.cells
where sales.door = 'tickets' and sales.removed = 0;

create view tickets.purchases as
select
  'order_' || cells.id || '_' || orders.id as id,
  'sale_' || cells.id || '_' || sales.id as "eventId",
  order_lines.quantity as quantity,
  orders.key as "idempotencyKey",
  200 as "statusCode",
  '{"success":true,"seatsRemaining":' || order_lines.remaining || '}' as "responseBody",
  true as "wasSuccessful",
  holdfast.time_of(orders.created_at_ms) as "createdAt"
from holdfast.order_lines
join holdfast.orders on orders.id = order_lines.order_id
join holdfast.sales on sales.id = order_lines.sale_id
cross join holdfast.cells
where sales.door = 'tickets';

create view drops.users as
select
  customers.door_number as id,
  customers.public_id as username,
  holdfast.time_of(customers.created_at_ms) as "createdAt"
from holdfast.customers
where customers.door = 'drops' and customers.status <> 'removed';

create view drops.drops as
select
  sales.door_number as id,
  sales.name as name,
  sales.price_amount / 100.00 as price,
  sales.capacity as total_stock,
  sales.available as available_stock,
  holdfast.time_of(coalesce(sales.opens_at_ms, sales.created_at_ms)) as drop_start_time
from holdfast.sales
where sales.door = 'drops' and sales.removed = 0;

create view drops.reservations as
select
  holds.door_number as id,
  case when customers.door = 'drops' then customers.door_number end as "userId",
  sales.door_number as "dropId",
  case holds.status when 'active' then 'ACTIVE' when 'confirmed' then 'PURCHASED' else 'EXPIRED' end as status,
  holdfast.time_of(holds.expires_at_ms) as expires_at,
  holdfast.time_of(holds.created_at_ms) as "createdAt"
from holdfast.holds
join holdfast.sales on sales.id = holds.sale_id
left join holdfast.customers on customers.id = holds.customer_id
where sales.door = 'drops';

create view drops.purchases as
select
  orders.door_number as id,
  case when customers.door = 'drops' then customers.door_number end as "userId",
  sales.door_number as "dropId",
  holds.door_number as "reservationId",
  holdfast.time_of(orders.created_at_ms) as "createdAt"
from holdfast.orders
join holdfast.order_lines on order_lines.order_id = orders.id and order_lines.line = 0
join holdfast.sales on sales.id = order_lines.sale_id
left join holdfast.holds on holds.id = orders.hold_id
left join holdfast.customers on customers.id = orders.customer_id
where sales.door = 'drops';

create view seats.users as
select
  customers.door_number as id,
  customers.email as email,
  customers.name as name,
  holdfast.time_of(customers.created_at_ms) as created_at
from holdfast.customers
where customers.door = 'seats' and customers.status <> 'removed';

-- The status as it was given, unless the event has been opened, paused or closed in another way since. What time it is, the log says.
create view seats.events as
select
  sales.door_number as id,
  sales.name as name,
  holdfast.time_in(sales.attributes::json ->> 'event_date') as event_date,
  case
    when sales.state <> 'closed' and (sales.closes_at_ms is null or sales.closes_at_ms > cells.log_time_ms)
      then case sales.state when 'paused' then 'paused' else 'active' end
    else coalesce(nullif(sales.attributes::json ->> 'status', 'active'), 'closed')
  end as status,
  holdfast.time_of(sales.created_at_ms) as created_at
from holdfast.sales cross join holdfast.cells
where sales.door = 'seats' and sales.removed = 0;

-- Halls that the dialect has not made may have rows and numbers of any text; it knows whole numbers.
create view seats.seats as
select
  seats.door_number as id,
  sales.door_number as event_id,
  case when seats.row ~ '^(0|[1-9][0-9]{0,9})$' then seats.row::bigint end as row_number,
  case when seats.number ~ '^(0|[1-9][0-9]{0,9})$' then seats.number::bigint end as seat_number,
  case seats.status when 'held' then 'reserved' when 'sold' then 'booked' else seats.status end as status,
  holdfast.time_of(seats.created_at_ms) as created_at
from holdfast.seats
join holdfast.sales on sales.id = seats.sale_id
where sales.door = 'seats' and sales.removed = 0 and seats.status <> 'removed';
