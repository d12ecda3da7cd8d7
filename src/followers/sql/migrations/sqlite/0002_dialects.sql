-- What the dialects call their tables, with the columns that they are known by. Texts of times are RFC 3339 in UTC. What was removed is left out.

create view tickets_events as
select
  'sale_' || cells.id || '_' || sales.id as id,
  sales.name as name,
  sales.capacity as "totalSeats",
  sales.sold as "seatsSold",
  sales.available as "seatsRemaining",
  strftime('%Y-%m-%dT%H:%M:%fZ', sales.created_at_ms / 1000.0, 'unixepoch') as "createdAt"
from sales cross join cells
where sales.door = 'tickets' and sales.removed = 0;

create view tickets_purchases as
select
  'order_' || cells.id || '_' || orders.id as id,
  'sale_' || cells.id || '_' || sales.id as "eventId",
  order_lines.quantity as quantity,
  orders.key as "idempotencyKey",
  200 as "statusCode",
  '{"success":true,"seatsRemaining":' || order_lines.remaining || '}' as "responseBody",
  1 as "wasSuccessful",
  strftime('%Y-%m-%dT%H:%M:%fZ', orders.created_at_ms / 1000.0, 'unixepoch') as "createdAt"
from order_lines
join orders on orders.id = order_lines.order_id
join sales on sales.id = order_lines.sale_id
cross join cells
where sales.door = 'tickets';

create view drops_users as
select
  customers.door_number as id,
  customers.public_id as username,
  strftime('%Y-%m-%dT%H:%M:%fZ', customers.created_at_ms / 1000.0, 'unixepoch') as "createdAt"
from customers
where customers.door = 'drops' and customers.status <> 'removed';

create view drops_drops as
select
  sales.door_number as id,
  sales.name as name,
  sales.price_amount / 100.0 as price,
  sales.capacity as total_stock,
  sales.available as available_stock,
  strftime('%Y-%m-%dT%H:%M:%fZ', coalesce(sales.opens_at_ms, sales.created_at_ms) / 1000.0, 'unixepoch')
    as drop_start_time
from sales
where sales.door = 'drops' and sales.removed = 0;

create view drops_reservations as
select
  holds.door_number as id,
  case when customers.door = 'drops' then customers.door_number end as "userId",
  sales.door_number as "dropId",
  case holds.status when 'active' then 'ACTIVE' when 'confirmed' then 'PURCHASED' else 'EXPIRED' end as status,
  strftime('%Y-%m-%dT%H:%M:%fZ', holds.expires_at_ms / 1000.0, 'unixepoch') as expires_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', holds.created_at_ms / 1000.0, 'unixepoch') as "createdAt"
from holds
join sales on sales.id = holds.sale_id
left join customers on customers.id = holds.customer_id
where sales.door = 'drops';

create view drops_purchases as
select
  orders.door_number as id,
  case when customers.door = 'drops' then customers.door_number end as "userId",
  sales.door_number as "dropId",
  holds.door_number as "reservationId",
  strftime('%Y-%m-%dT%H:%M:%fZ', orders.created_at_ms / 1000.0, 'unixepoch') as "createdAt"
from orders
join order_lines on order_lines.order_id = orders.id and order_lines.line = 0
join sales on sales.id = order_lines.sale_id
left join holds on holds.id = orders.hold_id
left join customers on customers.id = orders.customer_id
where sales.door = 'drops';

create view seats_users as
select
  customers.door_number as id,
  customers.email as email,
  customers.name as name,
  strftime('%Y-%m-%dT%H:%M:%fZ', customers.created_at_ms / 1000.0, 'unixepoch') as created_at
from customers
where customers.door = 'seats' and customers.status <> 'removed';

-- The status as it was given, unless the event has been opened, paused or closed in another way since. What time it is, the log says.
create view seats_events as
select
  sales.door_number as id,
  sales.name as name,
  json_extract(sales.attributes, '$.event_date') as event_date,
  case
    when sales.state <> 'closed' and (sales.closes_at_ms is null or sales.closes_at_ms > cells.log_time_ms)
      then case sales.state when 'paused' then 'paused' else 'active' end
    else coalesce(nullif(json_extract(sales.attributes, '$.status'), 'active'), 'closed')
  end as status,
  strftime('%Y-%m-%dT%H:%M:%fZ', sales.created_at_ms / 1000.0, 'unixepoch') as created_at
from sales cross join cells
where sales.door = 'seats' and sales.removed = 0;

-- Halls that the dialect has not made may have rows and numbers of any text; it knows whole numbers.
create view seats_seats as
select
  seats.door_number as id,
  sales.door_number as event_id,
  case
    when seats.row = '0' or (seats.row glob '[1-9]*' and seats.row not glob '*[^0-9]*' and length(seats.row) <= 10)
      then cast(seats.row as integer)
  end as row_number,
  case
    when seats.number = '0' or (seats.number glob '[1-9]*' and seats.number not glob '*[^0-9]*' and length(seats.number) <= 10)
      then cast(seats.number as integer)
  end as seat_number,
  case seats.status when 'held' then 'reserved' when 'sold' then 'booked' else seats.status end as status,
  strftime('%Y-%m-%dT%H:%M:%fZ', seats.created_at_ms / 1000.0, 'unixepoch') as created_at
from seats
join sales on sales.id = seats.sale_id
where sales.door = 'seats' and sales.removed = 0 and seats.status <> 'removed';
