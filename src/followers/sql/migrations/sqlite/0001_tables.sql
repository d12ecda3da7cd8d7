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
  line_per_seat integer not null check (line_per_seat in (0, 1)),
  state text not null check (state in ('open', 'paused', 'closed')),
  removed integer not null check (removed in (0, 1)),
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
  attributes text not null check (json_valid(attributes)),
  created_at_ms integer not null,
  position integer not null check (position > 0),
  unique (door, door_number),
  constraint sold_and_held_within_capacity check (sold + held <= capacity),
  constraint removed_when_nobody_has_any check (removed = 0 or sold + held = 0),
  constraint price_has_currency check (price_amount is null or currency is not null)
) strict;

create table customers (
  id integer primary key check (id > 0),
  public_id text not null unique,
  status text not null check (status in ('known', 'registered', 'removed')),
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
  waitlist_id integer references waitlist deferrable initially deferred,
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
  books integer not null check (books in (0, 1)),
  hold_id integer references holds,
  order_id integer references orders,
  created_at_ms integer not null,
  position integer not null check (position > 0),
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
) strict;

create unique index waits_once_a_sale on waitlist (sale_id, customer_id) where status in ('waiting', 'offered');
create index waitlist_by_customer on waitlist (customer_id);

-- A seat that is renamed or moved is a new row, and its old one is removed: who had it is shown what they had.
create table seats (
  id integer primary key check (id > 0),
  sale_id integer not null references sales,
  section text not null,
  row text not null,
  number text not null,
  label text generated always as (section || '-' || row || '-' || number) virtual,
  place integer not null check (place between 1 and 4096),
  rank integer not null check (rank >= 0),
  accessible integer not null check (accessible in (0, 1)),
  status text not null check (status in ('available', 'held', 'sold', 'blocked', 'removed')),
  hold_id integer references holds,
  order_line_id integer references order_lines,
  door_number integer check (door_number > 0),
  created_at_ms integer not null,
  changed_position integer not null check (changed_position > 0),
  constraint held_by_a_hold check ((status = 'held') = (hold_id is not null)),
  constraint sold_to_a_line check ((status = 'sold') = (order_line_id is not null))
) strict;

create unique index one_seat_a_label on seats (sale_id, label) where status <> 'removed';
create unique index one_seat_a_place on seats (sale_id, section, row, place) where status <> 'removed';

create table hold_seats (
  id integer primary key check (id > 0),
  hold_id integer not null references holds,
  seat_id integer not null references seats,
  unique (hold_id, seat_id)
) strict;

create index hold_seats_by_seat on hold_seats (seat_id);

create table order_line_seats (
  id integer primary key check (id > 0),
  order_line_id integer not null references order_lines,
  seat_id integer not null references seats,
  unique (order_line_id, seat_id)
) strict;

create index order_line_seats_by_seat on order_line_seats (seat_id);
