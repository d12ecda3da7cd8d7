-- What of an order stands, beside what was bought. An order of which only some lines are cancelled is `partially_cancelled`.
-- Amounts are 0 where nothing has a price. When an earlier version cancelled something is not known.

alter table orders drop column status;
alter table orders add column status text not null default 'confirmed'
  check (status in ('confirmed', 'partially_cancelled', 'cancelled'));
alter table orders add column quantity integer not null default 1 check (quantity > 0);
alter table orders add column currency text check (length(currency) = 3);
alter table orders add column total_amount integer not null default 0 check (total_amount >= 0);
alter table orders add column active_quantity integer not null default 0 check (active_quantity between 0 and quantity);
alter table orders add column active_amount integer not null default 0 check (active_amount between 0 and total_amount);
alter table orders add column cancelled_amount integer generated always as (total_amount - active_amount) virtual;
alter table orders add column cancelled_at_ms integer check (cancelled_at_ms is null or status <> 'confirmed');

update orders set
  (status, quantity, currency, total_amount, active_quantity, active_amount) = (
    select
      case count(cancelled_position) when 0 then 'confirmed' when count(*) then 'cancelled' else 'partially_cancelled' end,
      sum(order_lines.quantity),
      max(case when order_lines.price_amount is not null then sales.currency end),
      coalesce(sum(order_lines.price_amount * order_lines.quantity), 0),
      sum(case when cancelled_position is null then order_lines.quantity else 0 end),
      coalesce(sum(case when cancelled_position is null then order_lines.price_amount * order_lines.quantity end), 0)
    from order_lines
    join sales on sales.id = order_lines.sale_id
    where order_lines.order_id = orders.id
  )
where exists (select 1 from order_lines where order_lines.order_id = orders.id);
