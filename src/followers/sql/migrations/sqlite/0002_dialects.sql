-- What the dialects call their tables, with the columns that they are known by. Texts of times are RFC 3339 in UTC.

create view tickets_events as
select
  'sale_' || cells.id || '_' || sales.id as id,
  sales.name as name,
  sales.capacity as "totalSeats",
  sales.sold as "seatsSold",
  sales.available as "seatsRemaining",
  strftime('%Y-%m-%dT%H:%M:%fZ', sales.created_at_ms / 1000.0, 'unixepoch') as "createdAt"
from sales cross join cells
where sales.door = 'tickets';

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
where customers.door = 'drops';

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
where sales.door = 'drops';

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
