/** Partial orders, and the waiting rest. The form is described in `table.ts`. */
export const partial = `
a partial order that gets everything is a plain order
  createSale hall=A/1/....
  order 0*3 partial=yes by=anna → OK thing=0 remaining=1 kind=order
  state orders.0.entry=null orders.0.lines.0.seats=[0,1,2] waitlist=[]

a partial order takes the available seats, and its customer waits for the rest
  createSale hall=A/1/...,B/1/. price=1000EUR
  order 0:1
  order 0*4 partial=yes by=anna → OK thing=1 remaining=0 position=4 kind=order
  state orders.1.entry=0 orders.1.lines.0.quantity=3 orders.1.lines.0.seats=[0,2,3] orders.1.lines.0.amount=1000
  state waitlist.0={"sale":0,"customer":"anna","quantity":1,"state":"waiting","ahead":0,"createdAtMs":1700000000000,"position":4,"hold":null,"books":true,"order":null}

the available seats are taken by visiting order of rows, and by place
  createSale hall=A/1@9/...,B/1@1/a.,C/1@5/.
  order 0:1
  order 0*6 partial=yes by=anna → OK remaining=0
  state orders.1.lines.0.seats=[3,4,5,0,2]

a partial order within a section takes that section's seats
  createSale hall=A/1/..,B/1/...
  order 0*4@1 partial=yes by=anna → OK remaining=2
  state orders.0.lines.0.seats=[2,3,4] waitlist.0.quantity=1 orders.0.entry=0

a partial order of accessible seats takes the accessible ones
  createSale hall=A/1/.a.,B/1/a.
  order 0*3a partial=yes by=anna → OK remaining=3
  state orders.0.lines.0.seats=[1,3] waitlist.0.quantity=1

a partial order without stock is a join
  createSale hall=A/1/..
  order 0*2
  order 0*1 partial=yes by=anna → OK thing=0 remaining=0 kind=joinWaitlist
  order 0*2 partial=yes by=bert → OK thing=1 remaining=1 kind=joinWaitlist
  state orders.length=1 waitlist.1.books=true waitlist.1.quantity=2 customers.length=2
  order 0*2 partial=yes by=anna → NO_EFFECT thing=0 remaining=0 kind=joinWaitlist
  state waitlist.length=2 waitlist.0.quantity=1

a partial order for a section without stock waits for the sale
  createSale hall=A/1/..,B/1/.
  order 0:2
  order 0*1@1 partial=yes by=anna → OK thing=0 kind=joinWaitlist
  state waitlist.0.state=waiting
  order 0*2 by=bert → OK
  cancel 1
  state waitlist.0.state=served waitlist.0.order=2 orders.2.lines.0.seats=[0]

a customer who is in line already keeps the entry unchanged
  createSale hall=A/1/...
  order 0:0
  hold 0:1,2 for=30s
  joinWaitlist 0x1 by=anna
  tick 30s
  state waitlist.0.state=offered holds.1.seats=[1]
  order 0*3 partial=yes by=anna → OK thing=1 remaining=0
  state orders.1.entry=0 orders.1.lines.0.seats=[2] waitlist.length=1 waitlist.0.books=false waitlist.0.quantity=1
  order 0*3 partial=yes by=anna → NO_EFFECT thing=0 kind=joinWaitlist

an entry that books gets an order at once when stock that fits returns
  createSale hall=A/1/... price=1000EUR hold=60s door=3
  order 0*3
  order 0*2 partial=yes by=anna
  updateSale 0 price=2000EUR
  cancel 0
  state waitlist.0.state=served waitlist.0.order=1 waitlist.0.hold=null waitlist.0.ahead=null holds=[]
  state orders.1={"customer":"anna","createdAtMs":1700000000000,"position":6,"hold":null,"entry":null,"doorNumber":2,"lines":[{"sale":0,"quantity":2,"amount":2000,"remaining":1,"cancelledAt":0,"seats":[0,1]}]}
  state sales.0.sold=2 sales.0.held=0
  leaveWaitlist 0 → ENTRY_ENDED

an entry that the returned seats do not fit is passed over
  createSale hall=A/1/...
  order 0:0
  order 0:1
  order 0:2
  order 0*2 partial=yes by=anna
  order 0*1 partial=yes by=bert
  cancel 1
  state waitlist.0.state=waiting waitlist.1.state=served orders.3.lines.0.seats=[1]
  cancel 0
  state waitlist.0.state=waiting
  cancel 2
  state waitlist.0.state=served orders.4.lines.0.seats=[0,2]

bookings and offers share the limit of a record
  genesis sweepLimit=2
  createSale hall=A/1/....
  order 0*4
  joinWaitlist 0x1 by=anna
  order 0*1 partial=yes by=bert
  order 0*1 partial=yes by=carl
  joinWaitlist 0x1 by=dora
  cancel 0
  state waitlist.0.state=offered waitlist.1.state=served waitlist.2.state=waiting owedOffers=[0]
  tick
  state waitlist.2.state=served waitlist.3.state=offered owedOffers=[]

a partial order takes nothing while its sale owes offers
  genesis sweepLimit=1
  createSale hall=A/1/.....
  order 0*5
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  joinWaitlist 0x1 by=carl
  cancel 0
  state owedOffers=[0]
  order 0*2 partial=yes by=dora → OK thing=3 remaining=1 kind=joinWaitlist
  state owedOffers=[0] waitlist.3.state=waiting waitlist.2.state=offered
  tick
  state waitlist.3.state=served orders.1.lines.0.seats=[3,4]

a booking passes no limit
  createSale hall=A/1/.... perCustomer=2
  order 0:0 by=anna
  order 0:1,2 by=bert
  order 0:3 by=carl
  order 0*1 partial=yes by=anna
  state waitlist.0.state=waiting
  order 0*1 partial=yes by=anna → NO_EFFECT
  order 0*2 partial=yes by=anna → LIMIT_REACHED
  cancel 2
  state waitlist.0.state=served sales.0.units={"anna":2,"bert":2}

a booking has a line for each seat where the sale has
  createSale hall=A/1/.. linePerSeat=yes
  order 0*2
  order 0*2 partial=yes by=anna
  cancel 0
  state orders.1.lines.0.seats=[0] orders.1.lines.1.seats=[1] orders.1.lines.length=2
  cancel 1 lines=1
  state sales.0.sold=1

an order that fits, but not together, is not made in part
  createSale hall=A/1/...
  order 0:1
  order 0*2 partial=yes by=anna → NOT_TOGETHER
  order 0*2s partial=yes by=anna → OK
  state orders.1.lines.0.seats=[0,2] orders.1.entry=null

the refusals of a partial order have an order
  createSale hall=A/1/... perOrder=2 opens=10s
  createSale capacity=5
  order 2*9 partial=yes → UNKNOWN_SALE
  order 0*9@none partial=yes → UNKNOWN_SECTION
  order 0*0 partial=yes → INVALID_QUANTITY
  order 0*9 partial=yes → CUSTOMER_REQUIRED
  order 1*9 partial=yes → CUSTOMER_REQUIRED
  order 1*9 partial=yes by=anna → NO_SEATS
  order 0*9 partial=yes by=anna → NOT_OPEN
  wait 10s
  order 0*9 partial=yes by=anna → LIMIT_REACHED
  createSale hall=A/1/...
  order 2*4 partial=yes by=anna → SOLD_OUT
  order 2*3 partial=yes by=anna → OK
  order 2*4 partial=yes by=bert → SOLD_OUT

any other shape of a partial order is invalid
  createSale hall=A/1/...
  createSale capacity=5
  order partial=yes by=anna → INVALID_QUANTITY
  order 0:0 partial=yes by=anna → INVALID_QUANTITY
  order 1x1 partial=yes by=anna → INVALID_QUANTITY
  order 0x1 partial=yes by=anna → INVALID_QUANTITY
  order 0*1 1x1 partial=yes by=anna → INVALID_QUANTITY
  order 0:0 1x1 partial=yes → INVALID_QUANTITY
  order 2x1 partial=yes by=anna → UNKNOWN_SALE
  order 0:7 partial=yes by=anna → UNKNOWN_SEAT
  hold 0*1 partial=yes by=anna → INVALID_QUANTITY
  joinWaitlist 0x1 partial=yes by=anna → INVALID_QUANTITY
  joinWaitlist 1x9 partial=yes by=anna → INVALID_QUANTITY

a key keeps the outcome of a partial order
  createSale hall=A/1/..
  order 0*2
  order 0*1 partial=yes by=anna key=a → OK thing=0 remaining=0 kind=joinWaitlist
  order 0*1 partial=yes by=anna key=a → OK replayed thing=0 remaining=0 kind=joinWaitlist position=4
  order 0*1 partial=yes by=anna key=b → NO_EFFECT thing=0 kind=joinWaitlist
  order 0*1 partial=yes by=anna key=b → NO_EFFECT replayed thing=0 kind=joinWaitlist
  state keys=2
`;
