-- The store's tables. Ids are the engine's row numbers from 1, which public ids end with. Times: ms since the epoch; money: minor units.
-- What is checked here are the engine's invariants, once more: a row that breaks one stops the follower.
-- The schema `holdfast` is there: the list of migrations lives in it.

create table holdfast.cells (
  id bigint primary key,
  log text not null check (length(log) = 32),
  position bigint not null check (position > 0),
  outcome_hash text not null check (length(outcome_hash) = 16),
  log_time_ms bigint not null
);

-- A sale changes with every batch: room on its page keeps the new version beside the old one, and the indexes as they are.
create table holdfast.sales (
  id bigint primary key check (id > 0),
  name text not null,
  kind text not null check (kind in ('counted', 'seated')),
  line_per_seat bigint not null check (line_per_seat in (0, 1)),
  state text not null check (state in ('open', 'paused', 'closed')),
  removed bigint not null check (removed in (0, 1)),
  capacity bigint not null check (capacity >= 0),
  sold bigint not null check (sold >= 0),
  held bigint not null check (held >= 0),
  available bigint generated always as (capacity - sold - held) stored,
  price_amount bigint check (price_amount >= 0),
  currency text check (length(currency) = 3),
  opens_at_ms bigint,
  closes_at_ms bigint,
  hold_ms bigint not null check (hold_ms >= 0),
  max_hold_ms bigint not null check (max_hold_ms >= 0),
  max_per_order bigint check (max_per_order > 0),
  max_per_customer bigint check (max_per_customer > 0),
  refusals text not null check (refusals in ('forget', 'remember')),
  door text not null check (door in ('v1', 'tickets', 'drops', 'seats', 'flash', 'gates')),
  door_number bigint not null check (door_number > 0),
  image text,
  attributes text not null check (json_typeof(attributes::json) = 'object'),
  created_at_ms bigint not null,
  position bigint not null check (position > 0),
  unique (door, door_number),
  constraint sold_and_held_within_capacity check (sold + held <= capacity),
  constraint removed_when_nobody_has_any check (removed = 0 or sold + held = 0),
  constraint price_has_currency check (price_amount is null or currency is not null),
  constraint closes_after_opening check (opens_at_ms is null or closes_at_ms is null or closes_at_ms > opens_at_ms)
) with (fillfactor = 50);

create table holdfast.customers (
  id bigint primary key check (id > 0),
  public_id text not null unique,
  status text not null check (status in ('known', 'registered', 'removed')),
  name text,
  email text,
  door text not null check (door in ('v1', 'tickets', 'drops', 'seats', 'flash', 'gates')),
  door_number bigint check (door_number > 0),
  created_at_ms bigint not null
);

create unique index customers_by_number on holdfast.customers (door, door_number) where door_number is not null;

-- A hold ends, as a rule soon, and then only columns without an index change.
create table holdfast.holds (
  id bigint primary key check (id > 0),
  sale_id bigint not null references holdfast.sales,
  customer_id bigint references holdfast.customers,
  quantity bigint not null check (quantity > 0),
  status text not null check (status in ('active', 'confirmed', 'released', 'expired')),
  price_amount bigint check (price_amount >= 0),
  created_at_ms bigint not null,
  hold_ms bigint not null check (hold_ms >= 0),
  expires_at_ms bigint not null,
  order_id bigint,
  waitlist_id bigint,
  door_number bigint check (door_number > 0),
  position bigint not null check (position > 0),
  constraint confirmed_has_order check ((status = 'confirmed') = (order_id is not null)),
  constraint never_shortened check (expires_at_ms >= created_at_ms + hold_ms)
) with (fillfactor = 80);

create index holds_by_customer on holdfast.holds (customer_id, id) where customer_id is not null;
create index holds_by_sale on holdfast.holds (sale_id);

create table holdfast.orders (
  id bigint primary key check (id > 0),
  customer_id bigint references holdfast.customers,
  hold_id bigint references holdfast.holds,
  waitlist_id bigint,
  status text not null check (status in ('confirmed', 'cancelled')),
  key text,
  door_number bigint check (door_number > 0),
  created_at_ms bigint not null,
  position bigint not null check (position > 0)
);

create index orders_by_customer on holdfast.orders (customer_id, id) where customer_id is not null;
create unique index one_order_a_hold on holdfast.orders (hold_id) where hold_id is not null;

create table holdfast.order_lines (
  id bigint primary key check (id > 0),
  order_id bigint not null references holdfast.orders,
  line bigint not null check (line >= 0),
  sale_id bigint not null references holdfast.sales,
  quantity bigint not null check (quantity > 0),
  price_amount bigint check (price_amount >= 0),
  remaining bigint not null check (remaining >= 0),
  cancelled_position bigint check (cancelled_position > 0),
  unique (order_id, line)
);

create index order_lines_by_sale on holdfast.order_lines (sale_id, order_id);

create table holdfast.waitlist (
  id bigint primary key check (id > 0),
  sale_id bigint not null references holdfast.sales,
  customer_id bigint not null references holdfast.customers,
  quantity bigint not null check (quantity > 0),
  status text not null check (status in ('waiting', 'offered', 'left', 'served')),
  place bigint not null check (place >= 0),
  books bigint not null check (books in (0, 1)),
  hold_id bigint references holdfast.holds,
  order_id bigint references holdfast.orders,
  created_at_ms bigint not null,
  position bigint not null check (position > 0),
  unique (sale_id, place),
  -- Who waits has nothing yet. An offer is a hold, which the hold's order serves; who books is served with an order and never offered one.
  constraint offer_has_hold check (
    case status
      when 'waiting' then hold_id is null
      when 'offered' then hold_id is not null
      when 'served' then (hold_id is null) = (order_id is not null)
      else true
    end
  ),
  constraint only_who_is_served_has_order check (order_id is null or status = 'served'),
  constraint who_books_is_offered_nothing check (case books when 1 then hold_id is null else order_id is null end)
);

create unique index waits_once_a_sale on holdfast.waitlist (sale_id, customer_id) where status in ('waiting', 'offered');
create index waitlist_by_customer on holdfast.waitlist (customer_id);

-- A seat that is renamed or moved is a new row, and its old one is removed: who had it is shown what they had.
create table holdfast.seats (
  id bigint primary key check (id > 0),
  sale_id bigint not null references holdfast.sales,
  section text not null,
  row text not null,
  number text not null,
  label text generated always as (section || '-' || row || '-' || number) stored,
  place bigint not null check (place between 1 and 4096),
  rank bigint not null check (rank >= 0),
  accessible bigint not null check (accessible in (0, 1)),
  status text not null check (status in ('available', 'held', 'sold', 'blocked', 'removed')),
  hold_id bigint references holdfast.holds,
  order_line_id bigint references holdfast.order_lines,
  door_number bigint check (door_number > 0),
  created_at_ms bigint not null,
  changed_position bigint not null check (changed_position > 0),
  constraint held_by_a_hold check ((status = 'held') = (hold_id is not null)),
  constraint sold_to_a_line check ((status = 'sold') = (order_line_id is not null))
) with (fillfactor = 80);

create unique index one_seat_a_label on holdfast.seats (sale_id, label) where status <> 'removed';
create unique index one_seat_a_place on holdfast.seats (sale_id, section, row, place) where status <> 'removed';

create table holdfast.hold_seats (
  id bigint primary key check (id > 0),
  hold_id bigint not null references holdfast.holds,
  seat_id bigint not null references holdfast.seats,
  unique (hold_id, seat_id)
);

create index hold_seats_by_seat on holdfast.hold_seats (seat_id);

create table holdfast.order_line_seats (
  id bigint primary key check (id > 0),
  order_line_id bigint not null references holdfast.order_lines,
  seat_id bigint not null references holdfast.seats,
  unique (order_line_id, seat_id)
);

create index order_line_seats_by_seat on holdfast.order_line_seats (seat_id);

-- The order is written after its hold, and the waitlist's entry after both.
alter table holdfast.holds
  add foreign key (order_id) references holdfast.orders deferrable initially deferred,
  add foreign key (waitlist_id) references holdfast.waitlist deferrable initially deferred;
alter table holdfast.orders
  add foreign key (waitlist_id) references holdfast.waitlist deferrable initially deferred;
