/**
 * Lines that name seats or ask for the best. The form is described in `table.ts`, that of such
 * lines in `rows-seats.ts`.
 */
export const seats = `
an order takes the seats it names, in the order in which it names them
  createSale hall=A/1/....,B/1/.. price=1000EUR
  order 0:3,0,4 by=anna → OK thing=0 remaining=3 position=3 kind=order
  state orders.0.lines.0={"sale":0,"quantity":3,"amount":1000,"remaining":3,"cancelledAt":0,"seats":[3,0,4]}
  state sales.0.seats.3.state=sold sales.0.seats.3.holder=0 sales.0.seats.3.changedAt=3 sales.0.seats.1.holder=null
  state sales.0.sold=3 sales.0.capacity=6

a hold has the seats it names until it ends
  createSale hall=A/1/...
  hold 0:2,1 for=30s → OK thing=0 remaining=1
  state holds.0.seats=[2,1] holds.0.quantity=2 sales.0.seats.1.state=held sales.0.seats.1.holder=0 sales.0.held=2
  order 0:1 → SEAT_TAKEN
  tick 30s
  state holds.0.seats=[2,1] sales.0.seats.1.state=available sales.0.seats.1.changedAt=5 sales.0.seats.1.holder=null
  hold 0:1
  release 1
  state sales.0.seats.1.state=available sales.0.seats.1.changedAt=7

a hold that is confirmed sells its seats
  createSale hall=A/1/...
  order 0:0
  hold 0:2,1
  confirm 0 → OK thing=1 remaining=0
  state orders.1.lines.0.seats=[2,1] sales.0.seats.2.state=sold sales.0.seats.2.holder=1 sales.0.seats.2.changedAt=5

a seat of a cancelled line can be sold again
  createSale hall=A/1/..
  order 0:0 0:1
  cancel 0 lines=0
  state sales.0.seats.0.state=available sales.0.seats.0.changedAt=4 sales.0.seats.1.state=sold sales.0.seats.1.changedAt=3
  order 0:0 → OK thing=1
  state orders.0.lines.0.seats=[0] orders.1.lines.0.seats=[0] sales.0.seats.0.holder=2

an order may have seats of several sales and units of others
  createSale hall=A/1/..
  createSale hall=A/1/...
  createSale capacity=5
  order 1:3,2 0*2 2x4 → OK remaining=1
  state orders.0.lines.0.seats=[3,2] orders.0.lines.1.seats=[0,1] orders.0.lines.2.seats=[] orders.0.lines.2.quantity=4
  state sales.0.seats.0.holder=1 sales.1.seats.0.holder=0

an order has a line for each seat where the sale has
  createSale hall=A/1/...,A/2/.. linePerSeat=yes price=500EUR
  order 0:4,1 → OK remaining=3
  state orders.0.lines.0={"sale":0,"quantity":1,"amount":500,"remaining":3,"cancelledAt":0,"seats":[4]}
  state orders.0.lines.1.seats=[1] orders.0.lines.1.remaining=3 sales.0.seats.1.holder=1 sales.0.seats.4.holder=0
  hold 0:2,3
  state holds.0.seats=[2,3] holds.0.quantity=2
  cancel 0 lines=1
  confirm 0
  state orders.1.lines.length=2 orders.1.lines.1={"sale":0,"quantity":1,"amount":500,"remaining":2,"cancelledAt":0,"seats":[3]}
  cancel 1 lines=0
  state sales.0.seats.2.state=available sales.0.seats.3.state=sold sales.0.seats.3.holder=3 sales.0.sold=2

lines for single seats count among the lines of an order
  createSale hall=A/1/1-70 linePerSeat=yes
  createSale hall=A/1/1-70
  createSale capacity=5
  order 0*65 → LIMIT_REACHED
  hold 0*65 → LIMIT_REACHED
  order 0*64 2x1 → LIMIT_REACHED
  order 1*70 → OK
  order 0*64 → OK
  state orders.1.lines.length=64 orders.1.lines.63.seats=[63]
  joinWaitlist 0x65 by=anna → LIMIT_REACHED
  joinWaitlist 0x64 by=anna → OK
  order 0*65 partial=yes by=bert → LIMIT_REACHED
  order 0*64 partial=yes by=bert → OK

a request has at most 512 seats
  createSale hall=A/1/1-600
  createSale hall=A/1/1-600
  createSale capacity=600
  order 0*513 → LIMIT_REACHED
  hold 0*513 → LIMIT_REACHED
  order 0*300 1*213 → LIMIT_REACHED
  order 0*513 partial=yes by=anna → LIMIT_REACHED
  order 0*300 1*212 2x600 → OK
  hold 1*88
  hold 0*300
  hold 1*300
  joinWaitlist 1x513 by=anna → LIMIT_REACHED
  joinWaitlist 1x512 by=anna → OK
  updateSale 2 capacity=1200
  order 2x513 → OK

the refusals of a line on a seated sale have an order
  createSale hall=A/1/.,B/1/... perOrder=4 perCustomer=4 opens=10s
  createSale hall=A/1/..
  order 2:9,9 → UNKNOWN_SALE
  order 0:9 → UNKNOWN_SEAT
  order 0:4 → UNKNOWN_SEAT
  order 0:0,4294967295 → UNKNOWN_SEAT
  order 0*0@none → UNKNOWN_SECTION
  order 0*0@2 → UNKNOWN_SECTION
  order 0*0@1 → INVALID_QUANTITY
  order 0: → INVALID_QUANTITY
  order 0x0 → INVALID_QUANTITY
  order 0x1 → CUSTOMER_REQUIRED
  order 0:0,0 → CUSTOMER_REQUIRED
  order 0x9 by=anna → SEATS_REQUIRED
  order 0:0,1,0 by=anna → SEAT_REPEATED
  order 0:0 0:0 by=anna → SEAT_REPEATED
  order 0*9 0*9 by=anna → BEST_ALONE
  order 0*9 0:0 by=anna → BEST_ALONE
  order 0*9 by=anna → NOT_OPEN
  order 0:0 by=anna → NOT_OPEN
  wait 10s
  order 0:0,1,2 by=anna
  order 0*5 by=bert → LIMIT_REACHED
  order 0*2 by=anna → LIMIT_REACHED
  order 0:0,1 by=bert → SOLD_OUT
  order 0*2 by=bert → SOLD_OUT
  order 0*1@0 by=bert → SOLD_OUT
  order 0:0 by=bert → SEAT_TAKEN
  order 0:3 by=bert

lines of a seated sale are summed against what is left
  createSale hall=A/1/...
  order 0:0
  order 0:1 0:2 → OK remaining=0
  cancel 0
  order 0:0 0:1 → SOLD_OUT

of the refusals of several lines the lowest is given
  createSale hall=A/1/...
  createSale hall=A/1/...
  order 0:0
  order 1:4
  order 0:0 1*2 → SEAT_TAKEN
  order 1*2 0:0 → SEAT_TAKEN
  order 1*2 0:1 → NOT_TOGETHER
  order 1*2 0*3 → SOLD_OUT
  order 1*2 0x1 → SEATS_REQUIRED
  order 0:1,1 1:0 → UNKNOWN_SEAT
  state sales.0.sold=1 sales.1.sold=1

an order gets all of its seats or none
  createSale hall=A/1/...
  order 0:1
  order 0:0 0:1 → SEAT_TAKEN
  state sales.0.seats.0.state=available sales.0.seats.0.changedAt=2 orders.length=1

a counted sale has no seats to name or to choose
  createSale capacity=5 perOrder=1 opens=10s
  createSale hall=A/1/..
  order 0:0 → NO_SEATS
  order 0*2 → NO_SEATS
  order 0*2@none → NO_SEATS
  hold 0:0 → NO_SEATS
  hold 0*1 → NO_SEATS
  order 0*0 → INVALID_QUANTITY
  order 0x1 1:0 → NOT_OPEN
  wait 10s
  order 0x1 1:0 → OK remaining=4

a hold is refused as an order is
  createSale hall=A/1/...
  hold 0x1 → SEATS_REQUIRED
  hold 0:0,0 → SEAT_REPEATED
  hold 0:7 → UNKNOWN_SEAT
  hold 0*2@none → UNKNOWN_SECTION
  hold 0: → INVALID_QUANTITY
  hold 0:0 0:1 → INVALID_QUANTITY
  hold 0:1
  hold 0:1 → SEAT_TAKEN
  hold 0*2 → NOT_TOGETHER
  hold 0*2s → OK thing=1
  state holds.1.seats=[0,2]
  hold 0:1 → SOLD_OUT

seats of another sale are unknown, though they have a number
  createSale hall=A/1/.
  createSale hall=A/1/.
  order 0:1 → UNKNOWN_SEAT
  order 1:0 → UNKNOWN_SEAT
  order 1*1@0 → UNKNOWN_SECTION
  order 1*1@1 → OK

a seat may be named only once in all lines
  createSale hall=A/1/...
  createSale hall=A/1/...
  order 0:0 1:3 0:1 1:3 → SEAT_REPEATED
  order 0:0 1:3 0:1 1:4 → OK

returned seats go to the line, split if necessary
  createSale hall=A/1/.....
  order 0:1
  order 0:0 0:2 0:4
  order 0:3
  joinWaitlist 0x2 by=anna
  cancel 1 lines=0
  state waitlist.0.state=waiting
  cancel 1 lines=1
  state waitlist.0.state=offered holds.0.seats=[0,2] holds.0.entry=0 sales.0.seats.2.state=held

an offer takes the best seats, together if possible
  createSale hall=A/1@2/..,B/1@1/.a.
  order 0*5s
  joinWaitlist 0x2 by=anna
  cancel 0
  state holds.0.seats=[0,1]
  joinWaitlist 0x1 by=bert → STILL_AVAILABLE
  release 0
  order 0*2
  joinWaitlist 0x1 by=bert → STILL_AVAILABLE

a join on a seated sale names a number
  createSale hall=A/1/...
  order 0:1
  joinWaitlist 0x2 by=anna → STILL_AVAILABLE
  joinWaitlist 0x3 by=anna → OK
  joinWaitlist 0x4 by=bert → SOLD_OUT
  joinWaitlist 0x1 → CUSTOMER_REQUIRED
  joinWaitlist 0*1 by=bert → INVALID_QUANTITY
  joinWaitlist 0:0 by=bert → INVALID_QUANTITY
  joinWaitlist 0x1 by=bert → OK thing=1 remaining=1
  state waitlist.1.books=false

added or unblocked seats go to the line first
  createSale hall=A/1/..
  order 0*2
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  joinWaitlist 0x1 by=carl
  addSeats 0 A/1/3 A/1/4+b
  state waitlist.0.state=offered holds.0.seats=[2] waitlist.1.state=waiting
  changeSeat 0 3 blocked=no
  state waitlist.1.state=offered holds.1.seats=[3] waitlist.2.state=waiting
  order 0:3 → SOLD_OUT
  removeSeat 0 2 → SEAT_TAKEN

a change of a seat counts as returned stock, even without a new seat
  createSale hall=A/1/...
  order 0:0
  joinWaitlist 0x3 by=anna
  joinWaitlist 0x1 by=bert
  changeSeat 0 1 rank=0
  state waitlist.0.state=waiting waitlist.1.state=offered holds.0.seats=[3]

the seats of a sale that owes offers cannot be bought
  genesis sweepLimit=1
  createSale hall=A/1/....
  order 0*4
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  joinWaitlist 0x1 by=carl
  cancel 0
  state owedOffers=[0]
  order 0:3 → SOLD_OUT
  state owedOffers=[]
  order 0:3 → OK

a key keeps the seats of its order
  createSale hall=A/1/...
  order 0*1 key=a → OK thing=0 remaining=2
  order 0*1 key=a → OK replayed thing=0 remaining=2
  hold 0*1 key=b
  hold 0*1 key=b → OK replayed thing=0
  state sales.0.sold=1 sales.0.held=1

a refusal of seats is remembered when the sale remembers
  createSale hall=A/1/.. refusals=remember
  order 0:0
  order 0:0 key=a → SEAT_TAKEN
  cancel 0
  order 0:0 key=a → SEAT_TAKEN replayed
  order 0:0 → OK

limits count seats as units
  createSale hall=A/1/.... perCustomer=3
  order 0:0 by=anna
  hold 0*1 by=anna
  order 0*2 by=anna → LIMIT_REACHED
  order 0*1 by=anna → OK
  state sales.0.units={"anna":3}
  cancel 0
  release 0
  state sales.0.units={"anna":1}
`;
