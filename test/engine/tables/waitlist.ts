/** Who may join a line, and what happens to a place in it. The form is described in `table.ts`. */
export const waitlist = `
a customer joins the line of a sale that is sold out
  createSale capacity=1
  order 0x1
  tick 1s
  joinWaitlist 0x1 by=anna → OK thing=0 remaining=0 position=5 kind=joinWaitlist
  joinWaitlist 0x1 by=bert → OK thing=1 remaining=1
  joinWaitlist 0x1 by=carl → OK thing=2 remaining=2
  state waitlist.0.sale=0 waitlist.0.customer=anna waitlist.0.quantity=1 waitlist.0.state=waiting waitlist.0.hold=null
  state waitlist.0.createdAtMs=1700000001000 waitlist.0.position=5 waitlist.0.ahead=0
  state waitlist.1.ahead=1 waitlist.2.ahead=2 sales.0.held=0 owedOffers=[]

no customer joins while there is stock and none waits
  createSale capacity=2
  joinWaitlist 0x1 by=anna → STILL_AVAILABLE
  joinWaitlist 0x2 by=anna → STILL_AVAILABLE
  state waitlist.length=0 customers.length=0

an entry may wait for more than is left, up to the capacity
  createSale capacity=2
  order 0x1
  joinWaitlist 0x3 by=anna → SOLD_OUT
  joinWaitlist 0x2 by=anna → OK thing=0
  updateSale 0 capacity=3
  joinWaitlist 0x3 by=bert → OK thing=1
  state waitlist.0.state=offered

a sale without units has no line
  createSale capacity=0
  joinWaitlist 0x1 by=anna → SOLD_OUT

a customer who could buy may join once another waits
  createSale capacity=3
  order 0x2
  joinWaitlist 0x2 by=anna → OK
  joinWaitlist 0x1 by=bert → OK thing=1 remaining=1
  state waitlist.1.state=waiting sales.0.held=0
  order 0x1 → OK
  leaveWaitlist 0
  leaveWaitlist 1
  cancel 1
  joinWaitlist 0x1 by=bert → STILL_AVAILABLE

a waiting customer must be named, in any sale
  createSale capacity=0
  createSale capacity=1 perCustomer=1
  joinWaitlist 0x1 → CUSTOMER_REQUIRED
  joinWaitlist 1x1 → CUSTOMER_REQUIRED

a join has one line
  createSale capacity=1
  order 0x1
  joinWaitlist by=anna → INVALID_QUANTITY
  joinWaitlist 0x1 0x1 by=anna → INVALID_QUANTITY
  joinWaitlist 0x1 9x1 by=anna → INVALID_QUANTITY
  state waitlist.length=0

a join is refused like an order, in the same order
  createSale capacity=4 perOrder=2 perCustomer=3 opens=10s closes=20s
  joinWaitlist 1x0 → UNKNOWN_SALE
  joinWaitlist 4294967295x1 by=anna → UNKNOWN_SALE
  joinWaitlist 0x0 → INVALID_QUANTITY
  joinWaitlist 0x9 → CUSTOMER_REQUIRED
  joinWaitlist 0x9 by=anna → NOT_OPEN
  updateSale 0 status=paused
  joinWaitlist 0x9 by=anna → PAUSED
  updateSale 0 status=closed
  joinWaitlist 0x9 by=anna → CLOSED
  updateSale 0 status=open
  wait 10s
  joinWaitlist 0x9 by=anna → LIMIT_REACHED
  order 0x2 by=anna
  joinWaitlist 0x2 by=anna → LIMIT_REACHED
  joinWaitlist 0x1 by=anna → STILL_AVAILABLE
  order 0x2 by=bert
  joinWaitlist 0x1 by=anna → OK
  wait 10s
  joinWaitlist 0x1 by=carl → CLOSED

a customer is known from the first line joined
  createSale capacity=1
  order 0x1
  tick 2s
  joinWaitlist 0x1 by=anna
  state customers.length=1 customers.0.id=anna customers.0.registered=false customers.0.createdAtMs=1700000002000

a customer in line stays there
  createSale capacity=2
  order 0x2
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  joinWaitlist 0x2 by=bert → NO_EFFECT thing=1 remaining=1 position=6 kind=joinWaitlist
  joinWaitlist 0x1 by=anna → NO_EFFECT thing=0 remaining=0
  state waitlist.length=2 waitlist.1.quantity=1

a customer with an offer stays, and gets the number waiting before
  createSale capacity=1
  order 0x1
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  cancel 0
  state waitlist.0.state=offered
  joinWaitlist 0x1 by=anna → NO_EFFECT thing=0 remaining=0
  joinWaitlist 0x1 by=bert → NO_EFFECT thing=1 remaining=0

the refusals of a join are checked before being in line
  createSale capacity=2 perCustomer=2
  order 0x2 by=zoe
  joinWaitlist 0x2 by=anna → OK
  joinWaitlist 0x3 by=anna → LIMIT_REACHED
  updateSale 0 status=paused
  joinWaitlist 0x2 by=anna → PAUSED
  updateSale 0 status=open
  cancel 0
  joinWaitlist 0x1 by=anna → LIMIT_REACHED
  updateSale 0 capacity=9
  joinWaitlist 1x1 by=anna → UNKNOWN_SALE
  state waitlist.0.state=offered waitlist.length=1

a customer waits in each line separately
  createSale capacity=1
  createSale capacity=1
  order 0x1 1x1
  joinWaitlist 0x1 by=anna → OK thing=0 remaining=0
  joinWaitlist 1x1 by=anna → OK thing=1 remaining=0
  joinWaitlist 1x1 by=bert → OK thing=2 remaining=1
  cancel 0 lines=1
  state waitlist.0.state=waiting waitlist.1.state=offered waitlist.2.ahead=0

a customer who left or was served joins again at the end
  createSale capacity=1
  order 0x1
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  leaveWaitlist 0 → OK thing=0 remaining=0 position=6 kind=leaveWaitlist
  joinWaitlist 0x1 by=anna → OK thing=2 remaining=1
  state waitlist.0.state=left waitlist.1.ahead=0 waitlist.2.ahead=1
  cancel 0
  confirm 0
  state waitlist.1.state=served
  joinWaitlist 0x1 by=bert → OK thing=3 remaining=1
  joinWaitlist 0x1 by=bert → NO_EFFECT thing=3
  joinWaitlist 0x1 by=anna → NO_EFFECT thing=2

a customer who leaves while waiting makes room for later ones
  createSale capacity=1
  order 0x1
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  joinWaitlist 0x1 by=carl
  leaveWaitlist 1
  state waitlist.1.state=left waitlist.1.ahead=null waitlist.1.hold=null waitlist.2.ahead=1 sales.0.sold=1
  joinWaitlist 0x1 by=dora → OK remaining=2
  cancel 0
  state waitlist.0.state=offered waitlist.2.ahead=0

a customer who leaves with an offer passes it to the next
  createSale capacity=1
  order 0x1
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  cancel 0
  leaveWaitlist 0 → OK thing=0 remaining=0
  state waitlist.0.state=left waitlist.0.hold=0 holds.0.state=released
  state waitlist.1.state=offered waitlist.1.hold=1 holds.1.state=active sales.0.held=1
  confirm 0 → HOLD_RELEASED
  leaveWaitlist 1
  state sales.0.held=0 owedOffers=[]

an entry is left once
  leaveWaitlist 0 → UNKNOWN_ENTRY
  createSale capacity=1
  order 0x1
  joinWaitlist 0x1 by=anna
  leaveWaitlist 1 → UNKNOWN_ENTRY
  leaveWaitlist 4294967295 → UNKNOWN_ENTRY
  leaveWaitlist 0
  leaveWaitlist 0 → ENTRY_ENDED
  joinWaitlist 0x1 by=anna
  cancel 0
  confirm 0
  leaveWaitlist 1 → ENTRY_ENDED
  joinWaitlist 0x1 by=anna
  cancel 1
  release 1
  leaveWaitlist 2 → ENTRY_ENDED

an entry can be left in a sale that is closed
  createSale capacity=1 closes=10s
  order 0x1
  joinWaitlist 0x1 by=anna
  wait 10s
  leaveWaitlist 0 → OK
  state waitlist.0.state=left

an offer past its deadline can still be left before it is swept
  genesis sweepLimit=1
  createSale capacity=2 hold=10s
  order 0x2
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  cancel 0
  tick
  state waitlist.1.state=offered
  wait 10s
  leaveWaitlist 1 → OK
  state holds.0.state=expired holds.1.state=released waitlist.1.state=left sales.0.held=0

a join and a leave keep their keys
  createSale capacity=1
  order 0x1
  joinWaitlist 0x1 by=anna key=a scope=sale:0 → OK thing=0 remaining=0 position=4
  joinWaitlist 0x1 by=anna key=b scope=sale:0 → NO_EFFECT thing=0
  leaveWaitlist 0 key=c → OK thing=0
  joinWaitlist 0x1 by=anna key=a scope=sale:0 → OK thing=0 remaining=0 position=4 kind=joinWaitlist replayed
  joinWaitlist 0x1 by=anna key=b scope=sale:0 → NO_EFFECT thing=0 position=5 replayed
  leaveWaitlist 0 key=c → OK thing=0 kind=leaveWaitlist replayed
  joinWaitlist 0x1 by=bert key=a scope=sale:0 print=2 → KEY_REUSED
  leaveWaitlist 0 key=d → ENTRY_ENDED
  state keys=3 waitlist.length=1

a refused join is remembered when its sale remembers refusals
  createSale capacity=1 refusals=remember
  joinWaitlist 0x1 by=anna key=a → STILL_AVAILABLE
  order 0x1
  joinWaitlist 0x1 by=anna key=a → STILL_AVAILABLE position=3 replayed
  joinWaitlist 0x1 by=anna key=b → OK

a customer who leaves with an offer ends the keys of its hold
  genesis holdKeys=10s orderKeys=24h
  createSale capacity=1
  order 0x1
  joinWaitlist 0x1 by=anna
  cancel 0
  extend 0 until=90s key=a scope=hold:0
  tick 30s
  leaveWaitlist 0 key=b scope=sale:0
  wait 9s
  tick
  state keys=2
  tick 1s
  state keys=1
`;
