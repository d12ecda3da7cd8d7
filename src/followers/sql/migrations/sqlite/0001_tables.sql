-- The store's tables. Ids are the engine's row numbers from 1, which public ids end with. Times: ms since the epoch; money: minor units.
-- What is checked here are the engine's invariants, once more: a row that breaks one stops the follower.

create table cells (
  id integer primary key,
  log text not null check (length(log) = 32),
  position integer not null check (position > 0),
  outcome_hash text not null check (length(outcome_hash) = 16),
  log_time_ms integer not null
) strict;

create table sales (
  id integer primary key check (id > 0),
  name text not null,
  kind text not null check (kind in ('counted', 'seated')),
  state text not null check (state in ('open', 'paused', 'closed')),
  capacity integer not null check (capacity >= 0),
  sold integer not null check (sold >= 0),
  held integer not null check (held >= 0),
  available integer generated always as (capacity - sold - held) virtual,
  price_amount integer check (price_amount >= 0),
  currency text check (length(currency) = 3),
  opens_at_ms integer,
  closes_at_ms integer,
  hold_ms integer not null check (hold_ms >= 0),
  max_hold_ms integer not null check (max_hold_ms >= 0),
  max_per_order integer check (max_per_order > 0),
  max_per_customer integer check (max_per_customer > 0),
  refusals text not null check (refusals in ('forget', 'remember')),
  door text not null check (door in ('v1', 'tickets', 'drops', 'seats', 'flash', 'gates')),
  door_number integer not null check (door_number > 0),
  image text,
  created_at_ms integer not null,
  position integer not null check (position > 0),
  unique (door, door_number),
  constraint sold_and_held_within_capacity check (sold + held <= capacity),
  constraint price_has_currency check (price_amount is null or currency is not null)
) strict;

create table customers (
  id integer primary key check (id > 0),
  public_id text not null unique,
  status text not null check (status in ('known', 'registered')),
  name text,
  email text,
  door text not null check (door in ('v1', 'tickets', 'drops', 'seats', 'flash', 'gates')),
  door_number integer check (door_number > 0),
  created_at_ms integer not null
) strict;

create unique index customers_by_number on customers (door, door_number) where door_number is not null;

create table holds (
  id integer primary key check (id > 0),
  sale_id integer not null references sales,
  customer_id integer references customers,
  quantity integer not null check (quantity > 0),
  status text not null check (status in ('active', 'confirmed', 'released', 'expired')),
  price_amount integer check (price_amount >= 0),
  created_at_ms integer not null,
  hold_ms integer not null check (hold_ms >= 0),
  expires_at_ms integer not null,
  order_id integer references orders deferrable initially deferred,
  waitlist_id integer references waitlist deferrable initially deferred,
  door_number integer check (door_number > 0),
  position integer not null check (position > 0),
  constraint confirmed_has_order check ((status = 'confirmed') = (order_id is not null)),
  constraint never_shortened check (expires_at_ms >= created_at_ms + hold_ms)
) strict;

create index holds_by_customer on holds (customer_id) where customer_id is not null;
create index holds_by_sale on holds (sale_id);

create table orders (
  id integer primary key check (id > 0),
  customer_id integer references customers,
  hold_id integer references holds,
  status text not null check (status in ('confirmed', 'cancelled')),
  key text,
  door_number integer check (door_number > 0),
  created_at_ms integer not null,
  position integer not null check (position > 0)
) strict;

create index orders_by_customer on orders (customer_id) where customer_id is not null;
create unique index one_order_a_hold on orders (hold_id) where hold_id is not null;

create table order_lines (
  id integer primary key check (id > 0),
  order_id integer not null references orders,
  line integer not null check (line >= 0),
  sale_id integer not null references sales,
  quantity integer not null check (quantity > 0),
  price_amount integer check (price_amount >= 0),
  remaining integer not null check (remaining >= 0),
  cancelled_position integer check (cancelled_position > 0),
  unique (order_id, line)
) strict;

create index order_lines_by_sale on order_lines (sale_id, order_id);

create table waitlist (
  id integer primary key check (id > 0),
  sale_id integer not null references sales,
  customer_id integer not null references customers,
  quantity integer not null check (quantity > 0),
  status text not null check (status in ('waiting', 'offered', 'left', 'served')),
  place integer not null check (place >= 0),
  hold_id integer references holds,
  created_at_ms integer not null,
  position integer not null check (position > 0),
  unique (sale_id, place),
  constraint offer_has_hold check (
    case status when 'waiting' then hold_id is null when 'left' then true else hold_id is not null end
  )
) strict;

create unique index waits_once_a_sale on waitlist (sale_id, customer_id) where status in ('waiting', 'offered');
create index waitlist_by_customer on waitlist (customer_id);
