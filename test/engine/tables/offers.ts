/**
 * Returned stock goes to the first entry in line that it fits. The form is described in `table.ts`.
 */
export const offers = `
stock of an expired hold is offered in the record that finds it expired
  createSale capacity=2 price=1000EUR hold=30s
  hold 0x2
  joinWaitlist 0x2 by=anna
  updateSale 0 price=2000EUR
  tick 60s
  state holds.0.state=expired waitlist.0.state=offered waitlist.0.hold=1 waitlist.0.ahead=null
  state holds.1.entry=0 holds.1.state=active holds.1.customer=anna holds.1.quantity=2 holds.1.amount=2000
  state holds.1.createdAtMs=1700000060000 holds.1.deadlineMs=1700000090000 holds.1.position=6 holds.0.entry=null
  state sales.0.held=2 owedOffers=[]

returned stock is offered before the record's own command
  createSale capacity=1
  hold 0x1
  joinWaitlist 0x1 by=anna
  wait 60s
  order 0x1 by=bert → SOLD_OUT
  state waitlist.0.state=offered holds.1.createdAtMs=1700000060000

an order that is refused or replayed still makes the offers
  createSale capacity=2
  hold 0x1
  order 0x1 key=a
  joinWaitlist 0x1 by=anna
  wait 60s
  order 0x1 key=a → OK replayed
  state waitlist.0.state=offered

stock of a released hold is offered in the same record
  createSale capacity=2
  hold 0x2
  joinWaitlist 0x1 by=anna
  release 0 → OK thing=0 remaining=2
  state waitlist.0.state=offered sales.0.held=1
  order 0x1 → OK remaining=0

stock of a cancelled order is offered in the same record
  createSale capacity=2
  order 0x1 0x1
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  cancel 0 lines=1 → OK remaining=1
  state waitlist.0.state=offered waitlist.1.state=waiting
  cancel 0 → OK remaining=1
  state waitlist.1.state=offered

stock that is added is offered in the same record
  createSale capacity=1
  order 0x1
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  joinWaitlist 0x1 by=carl
  updateSale 0 capacity=3
  state waitlist.0.state=offered waitlist.1.state=offered waitlist.2.state=waiting
  state holds.0.entry=0 holds.1.entry=1 sales.0.held=2

a change that adds nothing offers nothing
  createSale capacity=1
  order 0x1
  joinWaitlist 0x1 by=anna
  updateSale 0 name=other
  state waitlist.0.state=waiting owedOffers=[]

returned stock of one sale is not offered to the line of another
  createSale capacity=1
  createSale capacity=1
  order 0x1 1x1
  joinWaitlist 1x1 by=anna
  cancel 0 lines=0
  state waitlist.0.state=waiting sales.0.held=0 owedOffers=[]

stock that no entry in line takes is on sale
  createSale capacity=3
  order 0x3
  joinWaitlist 0x2 by=anna
  cancel 0
  state sales.0.held=2
  order 0x1 by=bert → OK remaining=0

an entry that the remaining stock does not fit is passed over and stays
  createSale capacity=3
  order 0x1
  order 0x2
  joinWaitlist 0x3 by=anna
  joinWaitlist 0x2 by=bert
  joinWaitlist 0x1 by=carl
  cancel 0
  state waitlist.0.state=waiting waitlist.1.state=waiting waitlist.2.state=offered waitlist.1.ahead=1
  cancel 1
  state waitlist.0.state=waiting waitlist.1.state=offered
  release 0
  release 1
  state waitlist.0.state=offered

stock of an earlier offer is not offered to a later entry
  createSale capacity=3
  order 0x3
  joinWaitlist 0x2 by=anna
  joinWaitlist 0x2 by=bert
  joinWaitlist 0x1 by=carl
  cancel 0
  state waitlist.0.state=offered waitlist.1.state=waiting waitlist.2.state=offered sales.0.held=3

a customer whom an offer would take past the limit is passed over
  createSale capacity=4 perCustomer=2
  order 0x2 by=zoe
  order 0x1 by=yve
  order 0x1 by=anna
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  updateSale 0 capacity=5
  state waitlist.0.state=offered sales.0.units={"zoe":2,"yve":1,"anna":2}
  release 0
  state waitlist.0.state=left waitlist.1.state=offered
  joinWaitlist 0x1 by=anna
  confirm 1
  updateSale 0 capacity=6
  state waitlist.2.state=offered

a customer who reaches the limit while waiting is passed over
  createSale capacity=4 perCustomer=2
  order 0x2 by=zoe
  joinWaitlist 0x1 by=yve → STILL_AVAILABLE
  hold 0x1 by=yve
  joinWaitlist 0x2 by=anna → OK thing=0
  order 0x1 by=anna → OK
  joinWaitlist 0x1 by=bert → OK thing=1
  cancel 0
  state waitlist.0.state=waiting waitlist.1.state=offered sales.0.units={"yve":1,"anna":1,"bert":1}
  cancel 1
  state waitlist.0.state=offered sales.0.units={"yve":1,"anna":2,"bert":1}

an offer that is confirmed serves its entry
  createSale capacity=1 price=1000EUR
  order 0x1
  joinWaitlist 0x1 by=anna
  cancel 0
  confirm 0 by=anna → OK thing=1 remaining=0
  state waitlist.0.state=served waitlist.0.hold=0 orders.1.hold=0 orders.1.customer=anna holds.0.entry=0
  cancel 1
  state waitlist.0.state=served sales.0.held=0

an offer is a hold like any other
  createSale capacity=1 hold=30s maxHold=120s
  order 0x1
  joinWaitlist 0x1 by=anna
  cancel 0
  confirm 0 by=bert → NOT_YOURS
  extend 0 by=anna until=60s → OK remaining=60000
  tick 30s
  state waitlist.0.state=offered
  tick 30s
  state waitlist.0.state=left

an offer that lapses ends its entry and goes to the next
  createSale capacity=1 hold=30s
  order 0x1
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  cancel 0
  state waitlist.0.state=offered waitlist.1.state=waiting
  tick 29999ms
  state waitlist.0.state=offered
  tick 1ms
  state waitlist.0.state=left waitlist.0.hold=0 holds.0.state=expired
  state waitlist.1.state=offered holds.1.deadlineMs=1700000060000
  tick 30s
  state waitlist.1.state=left sales.0.held=0 owedOffers=[]
  order 0x1 → OK

an offer can be made and used in one record
  createSale capacity=1
  hold 0x1
  joinWaitlist 0x1 by=anna
  wait 60s
  confirm 1 by=anna → OK thing=0
  state waitlist.0.state=served holds.1.position=5 orders.0.position=5

an offer can be made and left in one record
  createSale capacity=1
  hold 0x1
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  wait 60s
  leaveWaitlist 0 → OK
  state waitlist.0.state=left waitlist.0.hold=1 waitlist.1.state=offered waitlist.1.hold=2

a paused sale offers nothing until it goes on
  createSale capacity=1
  order 0x1
  joinWaitlist 0x1 by=anna
  updateSale 0 status=paused
  cancel 0
  state waitlist.0.state=waiting owedOffers=[]
  tick 10s
  updateSale 0 status=open
  state waitlist.0.state=offered holds.0.createdAtMs=1700000010000

a sale closed by state or by time offers nothing
  createSale capacity=1 closes=20s
  order 0x1
  joinWaitlist 0x1 by=anna
  updateSale 0 status=closed
  cancel 0
  state waitlist.0.state=waiting owedOffers=[]
  wait 20s
  updateSale 0 status=open
  state waitlist.0.state=waiting owedOffers=[]
  updateSale 0 closes=none
  state waitlist.0.state=offered

a sale that opens by time offers returned stock before any order
  createSale capacity=1
  order 0x1
  joinWaitlist 0x1 by=anna
  updateSale 0 opens=20s
  cancel 0
  state waitlist.0.state=waiting owedOffers=[]
  wait 19999ms
  order 0x1 by=bert → NOT_OPEN
  wait 1ms
  order 0x1 by=bert → SOLD_OUT
  state waitlist.0.state=offered holds.0.createdAtMs=1700000020000

sales owe offers in the order of their returned stock
  createSale capacity=1
  createSale capacity=1
  order 0x1 1x1
  joinWaitlist 0x1 by=anna
  joinWaitlist 1x1 by=anna
  cancel 0 lines=1,0
  state holds.0.sale=1 holds.1.sale=0

a whole order that is cancelled owes its sales in the order of its lines
  createSale capacity=1
  createSale capacity=1
  order 0x1 1x1
  joinWaitlist 1x1 by=anna
  joinWaitlist 0x1 by=anna
  cancel 0
  state holds.0.sale=0 holds.1.sale=1

holds that expire owe their sales in the order in which they ended
  createSale capacity=1
  createSale capacity=1
  hold 0x1 for=20s
  hold 1x1 for=10s
  joinWaitlist 0x1 by=anna
  joinWaitlist 1x1 by=anna
  tick 20s
  state holds.2.sale=1 holds.3.sale=0

a record makes sweepLimit offers before and after its command; owed stock is sold out meanwhile
  genesis sweepLimit=1
  createSale capacity=5
  createSale
  order 0x5
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  joinWaitlist 0x1 by=carl
  joinWaitlist 0x1 by=dora
  cancel 0
  state waitlist.0.state=offered waitlist.1.state=waiting owedOffers=[0]
  order 0x1 1x1 by=zoe → SOLD_OUT
  state waitlist.1.state=offered waitlist.2.state=offered waitlist.3.state=waiting owedOffers=[0]
  hold 0x1 by=zoe → OK thing=4 remaining=0
  state waitlist.3.state=offered owedOffers=[]

while a sale owes offers its line can be joined and its holds used
  genesis sweepLimit=1
  createSale capacity=3
  order 0x1
  hold 0x2
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  joinWaitlist 0x1 by=carl
  joinWaitlist 0x1 by=emil
  release 0
  state owedOffers=[0]
  joinWaitlist 0x1 by=dora → OK remaining=2
  confirm 1
  state waitlist.0.state=served owedOffers=[]

a sale that is settled right before a join refuses it: there is stock
  genesis sweepLimit=1
  createSale capacity=3
  order 0x3
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  cancel 0
  state owedOffers=[0]
  joinWaitlist 0x1 by=carl → STILL_AVAILABLE
  state waitlist.1.state=offered owedOffers=[]

a sale whose stock returned twice is owed once
  genesis sweepLimit=1
  createSale capacity=3
  order 0x1 0x1 0x1
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  joinWaitlist 0x1 by=carl
  cancel 0
  state waitlist.0.state=offered waitlist.1.state=waiting owedOffers=[0]

all sales share the limit of offers, and the first owed goes first
  genesis sweepLimit=2
  createSale capacity=3
  createSale capacity=3
  order 0x3 1x3
  joinWaitlist 1x1 by=anna
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  joinWaitlist 0x1 by=carl
  cancel 0
  state waitlist.1.state=offered waitlist.2.state=offered waitlist.3.state=waiting waitlist.0.state=waiting
  state owedOffers=[0,1]
  settings sweepLimit=1
  state waitlist.3.state=offered waitlist.0.state=offered owedOffers=[]

a sale with no more offers to make is settled though the limit was reached
  genesis sweepLimit=1
  createSale capacity=2
  order 0x2
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x2 by=bert
  cancel 0
  state waitlist.0.state=offered waitlist.1.state=waiting owedOffers=[]
  order 0x1 → OK

a sale that is paused while it is owed is settled, and owed again when it goes on
  genesis sweepLimit=1
  createSale capacity=4
  order 0x4
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  joinWaitlist 0x1 by=carl
  joinWaitlist 0x1 by=dora
  cancel 0
  updateSale 0 status=paused
  state waitlist.1.state=offered waitlist.2.state=waiting owedOffers=[]
  tick
  state waitlist.2.state=waiting
  updateSale 0 status=open
  state waitlist.2.state=offered waitlist.3.state=waiting owedOffers=[0]
  tick
  state waitlist.3.state=offered owedOffers=[]

a sale whose line emptied while it was owed is settled
  genesis sweepLimit=0
  createSale capacity=1
  order 0x1
  joinWaitlist 0x1 by=anna
  cancel 0
  state owedOffers=[0]
  order 0x1 → SOLD_OUT
  leaveWaitlist 0
  state owedOffers=[]
  order 0x1 → OK

a late command still makes the offers that are owed
  genesis sweepLimit=1
  createSale capacity=2
  order 0x2
  joinWaitlist 0x1 by=anna
  joinWaitlist 0x1 by=bert
  tick 10s
  cancel 0
  state waitlist.1.state=waiting
  order 0x1 notAfter=9s → TOO_LATE
  state waitlist.1.state=offered owedOffers=[]

an offer of no length expires with the next record
  createSale capacity=1 hold=0s
  order 0x1
  joinWaitlist 0x1 by=anna
  cancel 0
  state waitlist.0.state=offered
  tick
  state waitlist.0.state=left
`;
