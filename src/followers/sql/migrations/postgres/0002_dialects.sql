-- What the dialects call their tables, with the columns that they are known by, each dialect in a schema of its own. A schema that is there
-- already is used: a role that may not make schemas can be given them.

do $$
declare
  dialect text;
begin
  foreach dialect in array array['tickets', 'drops'] loop
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

create view tickets.events as
select
  'sale_' || cells.id || '_' || sales.id as id,
  sales.name as name,
  sales.capacity as "totalSeats",
  sales.sold as "seatsSold",
  sales.available as "seatsRemaining",
  holdfast.time_of(sales.created_at_ms) as "createdAt"
from holdfast.sales cross join holdfast.cells
where sales.door = 'tickets';

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
where customers.door = 'drops';

create view drops.drops as
select
  sales.door_number as id,
  sales.name as name,
  sales.price_amount / 100.00 as price,
  sales.capacity as total_stock,
  sales.available as available_stock,
  holdfast.time_of(coalesce(sales.opens_at_ms, sales.created_at_ms)) as drop_start_time
from holdfast.sales
where sales.door = 'drops';

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
