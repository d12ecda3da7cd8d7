/** The life of a hold. The form is described in `table.ts`. */
export const holds = `
a hold sets stock aside
  createSale capacity=5 price=1000EUR
  tick 1s
  hold 0x2 by=anna for=30s → OK thing=0 remaining=3 position=4 kind=hold
  state holds.0.state=active holds.0.customer=anna holds.0.createdAtMs=1700000001000 holds.0.deadlineMs=1700000031000
  state holds.0.quantity=2 holds.0.amount=1000 holds.0.position=4 holds.0.order=null
  state sales.0.held=2 sales.0.sold=0
  order 0x4 → SOLD_OUT
  hold 0x4 → SOLD_OUT
  hold 0x3 → OK thing=1 remaining=0

a confirmed hold becomes an order of one line
  createSale capacity=5
  hold 0x2 by=anna
  order 0x1
  confirm 0 → OK thing=1 remaining=2 position=5 kind=confirm
  state sales.0.held=0 sales.0.sold=3 holds.0.state=confirmed holds.0.order=1
  state orders.1.customer=anna orders.1.hold=0 orders.1.lines.length=1 orders.1.lines.0.quantity=2
  state orders.1.lines.0.remaining=2

an order from a hold keeps the price of the hold
  createSale price=1000EUR
  hold 0x1
  updateSale 0 price=2000EUR
  hold 0x1
  confirm 0
  confirm 1
  state orders.0.lines.0.amount=1000 orders.1.lines.0.amount=2000

a released hold gives its stock back
  createSale capacity=5
  hold 0x2
  release 0 → OK thing=0 remaining=5 position=4 kind=release
  state sales.0.held=0 holds.0.state=released
  order 0x5 → OK

a hold ends once
  createSale
  hold 0x1
  hold 0x1
  hold 0x1
  confirm 0
  release 1
  tick 60s
  confirm 0 → HOLD_CONFIRMED
  release 0 → HOLD_CONFIRMED
  extend 0 until=1h → HOLD_CONFIRMED
  confirm 1 → HOLD_RELEASED
  release 1 → HOLD_RELEASED
  extend 1 until=1h → HOLD_RELEASED
  confirm 2 → HOLD_EXPIRED
  release 2 → HOLD_EXPIRED
  extend 2 until=1h → HOLD_EXPIRED
  state sales.0.held=0 sales.0.sold=1

a hold expires exactly at its deadline
  createSale capacity=5
  hold 0x5
  tick 59999ms
  state holds.0.state=active sales.0.held=5
  order 0x1 → SOLD_OUT
  tick 1ms
  state holds.0.state=expired sales.0.held=0

stock of an expired hold is available to the record that expires it
  createSale capacity=5
  hold 0x5
  wait 60s
  order 0x5 → OK remaining=0

a hold can be confirmed up to the last millisecond
  createSale
  hold 0x1
  wait 59999ms
  confirm 0 → OK

a hold cannot be confirmed at its deadline
  createSale
  hold 0x1
  wait 60s
  confirm 0 → HOLD_EXPIRED
  state sales.0.held=0 sales.0.sold=0 orders.length=0

a hold of no length is expired for the next record
  createSale
  hold 0x1 for=0s → OK remaining=9
  confirm 0 → HOLD_EXPIRED

a confirmed hold never expires
  createSale capacity=2
  hold 0x2
  confirm 0
  tick 24h
  state holds.0.state=confirmed sales.0.sold=2 sales.0.held=0
  order 0x1 → SOLD_OUT

a hold past its deadline has expired for every command, swept or not
  genesis sweepLimit=0
  createSale capacity=5
  hold 0x2
  wait 60s
  confirm 0 → HOLD_EXPIRED
  release 0 → HOLD_EXPIRED
  extend 0 until=1h → HOLD_EXPIRED
  state holds.0.state=active sales.0.held=2
  order 0x4 → SOLD_OUT
  settings sweepLimit=1
  state holds.0.state=active
  order 0x4 → OK
  state holds.0.state=expired

each record expires at most sweepLimit holds
  genesis sweepLimit=2
  createSale capacity=5
  hold 0x1
  hold 0x1
  hold 0x1
  hold 0x1
  hold 0x1
  tick 60s
  state sales.0.held=3 holds.0.state=expired holds.1.state=expired holds.2.state=active
  order 0x5 → SOLD_OUT
  state sales.0.held=1
  order 0x5 → OK
  state sales.0.held=0

holds expire in the order of deadline and then of number
  genesis sweepLimit=1
  createSale
  hold 0x1 for=30s
  hold 0x1 for=20s
  hold 0x1 for=20s
  hold 0x1 for=10s
  tick 30s
  state holds.3.state=expired holds.1.state=active holds.2.state=active holds.0.state=active
  tick
  state holds.1.state=expired holds.2.state=active holds.0.state=active
  tick
  state holds.2.state=expired holds.0.state=active
  tick
  state holds.0.state=expired

an extended hold expires by its new deadline, after those that end before
  genesis sweepLimit=2
  createSale
  hold 0x1 for=10s
  hold 0x1 for=20s
  hold 0x1 for=30s
  extend 1 until=40s
  tick 50s
  state holds.0.state=expired holds.1.state=active holds.2.state=expired
  tick
  state holds.1.state=expired

an extension moves the deadline to a time
  createSale maxHold=120s
  hold 0x1 for=60s
  wait 10s
  extend 0 until=90s → OK thing=0 remaining=90000 position=4 kind=extend
  state holds.0.deadlineMs=1700000090000
  tick 79999ms
  state holds.0.state=active
  tick 1ms
  state holds.0.state=expired

an extension never shortens
  createSale maxHold=120s
  hold 0x1 for=60s
  extend 0 until=30s → OK remaining=60000
  extend 0 until=0s → OK remaining=60000
  extend 0 until=90s → OK remaining=90000
  extend 0 until=80s → OK remaining=90000

extensions are capped from the creation of the hold, however many there are
  createSale maxHold=120s
  tick 5s
  hold 0x1 for=60s
  extend 0 until=24h → OK remaining=120000
  wait 50s
  extend 0 until=24h → OK remaining=120000
  state holds.0.deadlineMs=1700000125000

a hold made longer than the cap keeps its length and gets no more
  createSale maxHold=30s
  hold 0x1 for=60s
  extend 0 until=50s → OK remaining=60000
  extend 0 until=24h → OK remaining=60000

an extension at the deadline comes too late
  createSale
  hold 0x1 for=60s
  wait 60s
  extend 0 until=90s → HOLD_EXPIRED

confirm, extend and release ignore the window
  createSale closes=10s
  hold 0x1
  hold 0x1
  hold 0x1
  updateSale 0 status=paused
  confirm 0 → OK
  wait 10s
  updateSale 0 status=closed
  extend 1 until=70s → OK
  confirm 1 → OK
  release 2 → OK

a hold has one line
  createSale
  order 0x1
  hold → INVALID_QUANTITY
  hold 0x1 0x1 → INVALID_QUANTITY
  state holds.length=0

an unknown hold cannot be used
  confirm 0 → UNKNOWN_HOLD
  extend 0 until=10s → UNKNOWN_HOLD
  release 0 → UNKNOWN_HOLD
  createSale
  hold 0x1
  confirm 1 → UNKNOWN_HOLD
  confirm 4294967295 → UNKNOWN_HOLD

another customer's hold cannot be used
  createSale
  createCustomer by=bert
  hold 0x1 by=anna
  confirm 0 by=bert → NOT_YOURS
  release 0 by=carl → NOT_YOURS
  extend 0 by=bert until=90s → NOT_YOURS
  extend 0 by=anna until=90s → OK
  confirm 0 → OK

a hold without a customer can be used by every customer
  createSale
  hold 0x1
  confirm 0 by=anna → NOT_YOURS
  hold 0x1 by=anna
  confirm 0 by=anna → NOT_YOURS
  confirm 0 → OK

a foreign hold is refused before its state is checked
  createSale
  hold 0x1 by=anna
  release 0
  confirm 0 by=bert → NOT_YOURS
  confirm 1 by=bert → UNKNOWN_HOLD
  confirm 0 by=anna → HOLD_RELEASED

returned stock of a hold can be held again
  createSale capacity=1
  hold 0x1
  tick 60s
  hold 0x1 → OK thing=1 remaining=0
  release 1
  hold 0x1 → OK thing=2
  confirm 2
  hold 0x1 → SOLD_OUT
`;
