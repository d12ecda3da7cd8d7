-- What of an order stands, beside what was bought. An order of which only some lines are cancelled is `partially_cancelled`.
-- Amounts are 0 where nothing has a price. When an earlier version cancelled something is not known.

alter table holdfast.orders
  drop constraint orders_status_check,
  add constraint orders_status_check check (status in ('confirmed', 'partially_cancelled', 'cancelled')),
  add column quantity bigint not null default 1 check (quantity > 0),
  add column currency text check (length(currency) = 3),
  add column total_amount bigint not null default 0 check (total_amount >= 0),
  add column active_quantity bigint not null default 0,
  add column active_amount bigint not null default 0,
  add column cancelled_amount bigint generated always as (total_amount - active_amount) stored,
  add column cancelled_at_ms bigint,
  add constraint active_within_what_was_bought
    check (active_quantity between 0 and quantity and active_amount between 0 and total_amount),
  add constraint cancelled_at_some_time check (cancelled_at_ms is null or status <> 'confirmed');

update holdfast.orders set
  status = sums.status,
  quantity = sums.quantity,
  currency = sums.currency,
  total_amount = sums.total_amount,
  active_quantity = sums.active_quantity,
  active_amount = sums.active_amount
from (
  select
    order_lines.order_id,
    case count(cancelled_position) when 0 then 'confirmed' when count(*) then 'cancelled' else 'partially_cancelled' end
      as status,
    sum(order_lines.quantity) as quantity,
    max(sales.currency) filter (where order_lines.price_amount is not null) as currency,
    coalesce(sum(order_lines.price_amount * order_lines.quantity), 0) as total_amount,
    coalesce(sum(order_lines.quantity) filter (where cancelled_position is null), 0) as active_quantity,
    coalesce(sum(order_lines.price_amount * order_lines.quantity) filter (where cancelled_position is null), 0)
      as active_amount
  from holdfast.order_lines
  join holdfast.sales on sales.id = order_lines.sale_id
  group by order_lines.order_id
) as sums
where sums.order_id = orders.id;
