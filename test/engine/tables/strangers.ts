/** Rows about free calls, which any stranger can make, and their limits. */
export const strangers = `
keys of free calls have a limit of their own
  genesis version=2 maxKeys=2 maxFreeKeys=1
  createSale capacity=1
  createCustomer by=anna key=a → OK
  createCustomer by=bert key=b → KEYS_FULL
  createCustomer by=anna key=a → OK thing=0 replayed
  createCustomer by=carl → OK thing=1
  order 0x1 key=c → OK
  joinWaitlist 0x1 by=dora key=d → KEYS_FULL
  joinWaitlist 0x1 by=dora → OK
  order 9x1 key=e → UNKNOWN_SALE
  cancel 0 key=f → OK
  cancel 0 key=g → KEYS_FULL
  createCustomer by=emil key=h → KEYS_FULL
  settings maxFreeKeys=2
  createCustomer by=emil key=h → OK
  state keys=4 freeKeys=2

the default limit for keys of free calls is an eighth of that for keys
  genesis version=2 maxKeys=9
  createCustomer by=a key=a
  createCustomer by=b key=b
  createCustomer by=c key=c → KEYS_FULL
  state keys=2 freeKeys=2

keys of free calls are counted with all others before version 2
  genesis maxKeys=1
  createSale
  createCustomer by=anna key=a
  order 0x1 key=b → KEYS_FULL
  settings version=2
  order 0x1 key=b → OK
  createCustomer by=bert key=c → KEYS_FULL

a freed key of a free call makes room for another
  genesis version=2 maxFreeKeys=1 orderKeys=10s
  createCustomer by=anna key=a
  createCustomer by=bert key=b → KEYS_FULL
  wait 10s
  createCustomer by=bert key=b → OK
  state keys=1 freeKeys=1

a partial order that becomes a join has the key of a free call
  genesis version=2 maxFreeKeys=1
  createSale hall=A/1/.
  order 0*1 → OK
  order 0*1 by=anna partial=yes key=a → OK kind=joinWaitlist
  order 0*1 by=bert partial=yes key=b → KEYS_FULL
  order 0*1 by=anna partial=yes key=c → KEYS_FULL
  order 0*1 by=bert partial=yes → OK kind=joinWaitlist
  state keys=1 freeKeys=1

a line has a number of places for each unit of the sale
  genesis version=2 waitingPerUnit=2
  createSale capacity=2
  order 0x2
  joinWaitlist 0x1 by=a
  joinWaitlist 0x1 by=b
  joinWaitlist 0x1 by=c
  joinWaitlist 0x1 by=d
  joinWaitlist 0x1 by=e → WAITLIST_FULL
  joinWaitlist 0x1 by=d → NO_EFFECT thing=3 remaining=3
  joinWaitlist 0x3 by=e → SOLD_OUT
  leaveWaitlist 0
  joinWaitlist 0x1 by=e → OK thing=4 remaining=3
  joinWaitlist 0x1 by=a → WAITLIST_FULL
  updateSale 0 capacity=3
  state waitlist.1.state=offered
  joinWaitlist 0x1 by=b → NO_EFFECT thing=1
  joinWaitlist 0x1 by=a → OK thing=5

a line has ten places a unit by default
  genesis version=2
  createSale capacity=1
  order 0x1
  joinWaitlist 0x1 by=a
  joinWaitlist 0x1 by=b
  joinWaitlist 0x1 by=c
  joinWaitlist 0x1 by=d
  joinWaitlist 0x1 by=e
  joinWaitlist 0x1 by=f
  joinWaitlist 0x1 by=g
  joinWaitlist 0x1 by=h
  joinWaitlist 0x1 by=i
  joinWaitlist 0x1 by=j → OK thing=9
  joinWaitlist 0x1 by=k → WAITLIST_FULL

a line had no limit before version 2
  genesis waitingPerUnit=1
  createSale capacity=1
  order 0x1
  joinWaitlist 0x1 by=a
  joinWaitlist 0x1 by=b → OK
  settings version=2
  joinWaitlist 0x1 by=c → WAITLIST_FULL

a partial order does not join a full line
  genesis version=2 waitingPerUnit=1
  createSale hall=A/1/..
  order 0*1
  order 0*2 by=anna partial=yes → OK
  order 0*1 by=bert partial=yes → OK kind=joinWaitlist
  order 0*1 by=carl partial=yes → WAITLIST_FULL
  order 0*1 by=bert partial=yes → NO_EFFECT kind=joinWaitlist

one record offers as many units as are free
  createSale capacity=3
  order 0x3
  joinWaitlist 0x1 by=a
  joinWaitlist 0x1 by=b
  joinWaitlist 0x1 by=c
  joinWaitlist 0x1 by=d
  cancel 0
  state waitlist.0.state=offered waitlist.1.state=offered waitlist.2.state=offered waitlist.3.state=waiting
  wait 60s
  tick
  state waitlist.0.state=left waitlist.2.state=left waitlist.3.state=offered

an address holds no more of a sale than its holds allow, whatever customers it names
  createSale capacity=10
  hold 0x2 by=anna maxOfAddress=3 address=7
  hold 0x2 by=bert maxOfAddress=3 address=7 → HOLDS_TOO_MUCH
  hold 0x1 maxOfAddress=3 address=7 → OK thing=1
  hold 0x1 maxOfAddress=3 address=7 → HOLDS_TOO_MUCH
  hold 0x3 maxOfAddress=3 address=8 → OK thing=2
  hold 0x1 by=bert → OK thing=3
  order 0x1 by=bert → OK
  state sales.0.heldByAddress={"7":3,"8":3}
  confirm 0 → OK
  hold 0x2 maxOfAddress=3 address=7 → OK thing=4
  release 1
  wait 60s
  tick
  state sales.0.heldByAddress={}
  hold 0x3 maxOfAddress=3 address=7 → OK

a customer holds no more of a sale than its holds allow; holds without a customer do not count
  createSale capacity=10
  hold 0x2 by=anna maxOfCustomer=3
  hold 0x2 by=anna maxOfCustomer=3 → HOLDS_TOO_MUCH
  hold 0x1 by=anna maxOfCustomer=3
  hold 0x4 maxOfCustomer=3 → OK thing=2
  hold 0x1 by=bert maxOfCustomer=3 → OK thing=3
  state sales.0.heldByCustomer={"anna":3,"bert":1}
  release 0
  state sales.0.heldByCustomer={"anna":1,"bert":1}
  hold 0x2 by=anna maxOfCustomer=3 → OK

the limit of held units is checked after the limits of the sale and before its stock
  createSale capacity=2 perOrder=2
  hold 0x3 by=anna maxOfCustomer=1 → LIMIT_REACHED
  order 0x1
  hold 0x2 by=anna maxOfCustomer=1 → HOLDS_TOO_MUCH
  hold 0x2 by=anna maxOfCustomer=2 → SOLD_OUT

a hold is of the native door when its key names the sale, else of the door of its sale
  createSale door=2
  hold 0x1 scope=sale:0 key=a
  hold 0x1 scope=door:2 key=a
  hold 0x1
  state holds.0.placedBy=0 holds.1.placedBy=2 holds.2.placedBy=2

a name holds from its position on
  createSale
  order 0x1 by=anna
  createCustomer by=anna name=Anna
  changeCustomer 0 name=Other
  state customers.0.names=[[4,"Anna"],[5,"Other"]]
  createCustomer name=Bert
  state customers.1.names=[[6,"Bert"]]
`;
