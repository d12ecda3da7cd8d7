/** Idempotency keys and lateness. The form is described in `table.ts`. */
export const keys = `
a key gives its first answer again
  createSale capacity=5
  order 0x2 key=a scope=sale:0 → OK thing=0 remaining=3 position=3
  order 0x2 key=a scope=sale:0 → OK thing=0 remaining=3 position=3 kind=order replayed
  state sales.0.sold=2 orders.length=1 keys=1

a replay is the first answer even after the state moved on
  createSale capacity=5
  order 0x2 key=a scope=sale:0 → OK thing=0 remaining=3 position=3
  order 0x3
  cancel 0
  updateSale 0 status=closed
  tick 1h
  order 0x2 key=a scope=sale:0 → OK thing=0 remaining=3 position=3 replayed

a key for another request is refused
  createSale capacity=5
  order 0x2 key=a print=1 → OK
  order 0x1 key=a print=2 → KEY_REUSED position=4 kind=order
  order 0x2 key=a print=1 printHigh=1 → KEY_REUSED
  cancel 0 key=a print=2 → KEY_REUSED
  state sales.0.sold=2 keys=1

every word of a fingerprint counts, to the last bit
  createCustomer key=a print=4294967295 printHigh=2147483648
  createCustomer key=a print=4294967295 printHigh=2147483648 → OK thing=0 replayed
  createCustomer key=a print=4294967294 printHigh=2147483648 → KEY_REUSED
  createCustomer key=a print=4294967295 printHigh=2147483649 → KEY_REUSED

the same key in another scope is another key
  createSale
  createSale
  order 0x1 key=a scope=sale:0 → OK thing=0
  order 1x1 key=a scope=sale:1 → OK thing=1
  order 0x1 key=a scope=hold:0 → OK thing=2
  order 0x1 key=a scope=order:0 → OK thing=3
  order 0x1 key=a scope=operator → OK thing=4
  order 0x1 key=a → OK thing=5
  order 0x1 key=a scope=sale:1 → OK thing=1 replayed
  state keys=6

each caller has its own keys
  createSale
  order 0x1 by=anna key=a scope=caller → OK thing=0
  order 0x1 by=bert key=a scope=caller → OK thing=1
  order 0x1 key=a scope=caller → OK thing=2
  order 0x1 by=anna key=a scope=caller → OK thing=0 replayed
  order 0x1 key=a scope=caller → OK thing=2 replayed

outside the caller's scope the customer is no part of the key
  createSale
  order 0x1 by=anna key=a scope=sale:0 → OK thing=0
  order 0x1 by=bert key=a scope=sale:0 → OK thing=0 replayed
  order 0x1 by=bert key=a scope=sale:0 print=2 → KEY_REUSED

a door's key survives a newer event
  createSale door=1
  order 0x1 key=a scope=door:1 → OK thing=0
  createSale door=1
  order 1x1 key=a scope=door:1 → OK thing=0 replayed
  order 1x1 key=a scope=door:2 → OK thing=1
  state sales.0.sold=1 sales.1.sold=1

keys that only differ in length or case are different
  createCustomer key=a
  createCustomer key=aa
  createCustomer key=A
  createCustomer key=ä
  state keys=4 customers.length=4

every kind of success keeps its key
  genesis key=g → OK
  state keys=0
  genesis key=g → NO_EFFECT
  tick key=t → OK
  settings key=s sweepLimit=9 → OK
  seed key=d sales=1 customers=anna → OK
  createSale key=c → OK thing=1
  updateSale 0 key=u capacity=9 → OK thing=0
  createCustomer key=n → OK thing=1
  order 0x1 key=o → OK thing=0
  hold 0x1 key=h → OK thing=0
  hold 0x1
  confirm 0 key=f → OK thing=1
  extend 1 key=x until=90s → OK thing=1
  release 1 key=r → OK thing=1
  cancel 0 key=l → OK thing=0
  state keys=13
  genesis key=g → NO_EFFECT position=2 kind=genesis replayed
  tick key=t → OK position=3 kind=tick replayed
  settings key=s → OK position=4 kind=settings replayed
  seed key=d → OK position=5 kind=seed replayed
  createSale key=c → OK thing=1 position=6 kind=createSale replayed
  updateSale 0 key=u → OK thing=0 position=7 kind=updateSale replayed
  createCustomer key=n → OK thing=1 position=8 kind=createCustomer replayed
  order 0x1 key=o → OK thing=0 remaining=8 position=9 kind=order replayed
  hold 0x1 key=h → OK thing=0 remaining=7 position=10 kind=hold replayed
  confirm 0 key=f → OK thing=1 remaining=6 position=12 kind=confirm replayed
  extend 1 key=x → OK thing=1 remaining=90000 position=13 kind=extend replayed
  release 1 key=r → OK thing=1 remaining=7 position=14 kind=release replayed
  cancel 0 key=l → OK thing=0 remaining=8 position=15 kind=cancel replayed

a replay names the kind that had the effect
  createSale
  order 0x1 key=a → OK kind=order
  hold 0x1 key=a → OK thing=0 kind=order replayed

a refusal is forgotten by default
  createSale capacity=1
  order 0x1
  order 0x1 key=a → SOLD_OUT
  state keys=0
  cancel 0
  order 0x1 key=a → OK thing=1

a refusal is remembered when its sale remembers refusals
  createSale capacity=1 refusals=remember
  order 0x1
  order 0x1 key=a → SOLD_OUT position=4
  hold 0x1 key=b → SOLD_OUT position=5
  state keys=2
  cancel 0
  order 0x1 key=a → SOLD_OUT position=4 kind=order replayed
  hold 0x1 key=b → SOLD_OUT position=5 kind=hold replayed
  order 0x1 key=a print=2 → KEY_REUSED
  order 0x1 key=c → OK

one remembering sale among the lines is enough
  createSale capacity=1
  createSale refusals=remember
  order 1x1 0x2 key=a → SOLD_OUT
  order 0x2 1x1 key=b → SOLD_OUT
  order 0x2 key=c → SOLD_OUT
  order 1x1 9x1 key=d → UNKNOWN_SALE
  order 9x1 key=e → UNKNOWN_SALE
  state keys=3

a refusal of a command without a sale is forgotten
  createSale refusals=remember
  hold 0x1
  confirm 1 key=a scope=hold:1 → UNKNOWN_HOLD
  cancel 0 key=b scope=order:0 → UNKNOWN_ORDER
  createCustomer by=anna
  createCustomer by=anna key=c → CUSTOMER_EXISTS
  state keys=0

an unkeyed refusal is not remembered
  createSale capacity=1 refusals=remember
  order 0x2 → SOLD_OUT
  state keys=0

TOO_LATE and KEYS_FULL are never remembered
  genesis maxKeys=1
  createSale refusals=remember
  tick 10s
  order 0x1 key=a notAfter=9s → TOO_LATE
  state keys=0
  order 0x1 key=a → OK
  order 0x99 key=b → KEYS_FULL
  settings maxKeys=2
  order 0x1 key=b → OK

a command takes effect up to its last moment
  createSale
  wait 10s
  order 0x1 notAfter=10s → OK
  wait 1ms
  order 0x1 notAfter=10s → TOO_LATE position=4 kind=order
  hold 0x1 notAfter=10s → TOO_LATE
  tick notAfter=10s → TOO_LATE
  state sales.0.sold=1 holds.length=0

lateness is checked before every refusal, and the key before lateness
  createSale
  order 0x1 key=a → OK thing=0
  wait 10s
  order 9x0 notAfter=9s → TOO_LATE
  order 0x1 key=a notAfter=9s → OK thing=0 replayed
  order 0x1 key=a print=2 notAfter=9s → KEY_REUSED
  settings maxKeys=1
  order 9x0 key=b notAfter=9s → KEYS_FULL

a late record still expires what is due
  createSale
  hold 0x1
  wait 60s
  order 0x1 notAfter=9s → TOO_LATE
  state holds.0.state=expired

at the cap new keys are refused and old ones answered
  genesis maxKeys=2
  createSale
  order 0x1 key=a → OK
  order 0x1 key=b → OK thing=1
  order 0x1 key=c → KEYS_FULL position=5
  order 9x1 key=c → KEYS_FULL
  order 0x1 key=a → OK thing=0 replayed
  order 0x1 key=a print=2 → KEY_REUSED
  order 0x1 → OK thing=2
  state keys=2 sales.0.sold=3

a cap below the number of kept keys forgets none
  createCustomer key=a
  createCustomer key=b
  settings maxKeys=1
  createCustomer key=c → KEYS_FULL
  createCustomer key=b → OK thing=1 replayed

an order's key is kept for its retention and freed by the record after
  genesis orderKeys=24h
  createSale
  order 0x1 key=a → OK thing=0
  wait 86399999ms
  order 0x1 key=a → OK thing=0 replayed
  wait 1ms
  order 0x1 key=a → OK thing=1
  state keys=1

a key's second is rounded up: retention is a minimum
  genesis orderKeys=10s
  wait 1ms
  createCustomer key=a
  wait 10s
  createCustomer key=a → OK thing=0 replayed
  wait 998ms
  createCustomer key=a → OK thing=0 replayed
  wait 1ms
  createCustomer key=a → OK thing=1

a freed key makes room
  genesis maxKeys=1 orderKeys=10s
  createCustomer key=a
  createCustomer key=b → KEYS_FULL
  wait 10s
  createCustomer key=b → OK
  createCustomer key=a → KEYS_FULL

each record frees at most four keys of each queue
  genesis orderKeys=10s holdKeys=10s
  createSale
  hold 0x1
  createCustomer key=a
  createCustomer key=b
  createCustomer key=c
  createCustomer key=d
  createCustomer key=e
  tick scope=hold:0 key=a
  tick scope=hold:0 key=b
  tick scope=hold:0 key=c
  tick scope=hold:0 key=d
  tick scope=hold:0 key=e
  state keys=10
  wait 10s
  createCustomer key=e → OK thing=4 replayed
  state keys=2
  createCustomer key=e → OK thing=5
  state keys=1

a hold's keys live as long as the hold and then for their own retention
  genesis holdKeys=10m orderKeys=1s
  createSale maxHold=24h
  hold 0x1 key=a scope=sale:0 for=60s → OK thing=0
  extend 0 key=b scope=hold:0 until=24h
  tick 23h
  hold 0x1 key=a scope=sale:0 → OK thing=0 position=3 replayed
  extend 0 key=b scope=hold:0 → OK thing=0 remaining=86400000 position=4 replayed
  tick 1h
  state holds.0.state=expired keys=2
  wait 599999ms
  hold 0x1 key=a scope=sale:0 → OK thing=0 position=3 replayed
  extend 0 key=b scope=hold:0 → OK thing=0 replayed
  wait 1ms
  hold 0x1 key=a scope=sale:0 → OK thing=1
  extend 0 key=b scope=hold:0 → HOLD_EXPIRED
  state keys=1

keys of a hold count from its end, confirmed or released
  genesis holdKeys=10s
  createSale
  hold 0x1 key=a for=60s
  hold 0x1 key=b for=60s
  wait 30s
  confirm 0 key=c scope=hold:0
  release 1 key=d scope=hold:1
  wait 9s
  tick
  state keys=4
  tick 1s
  state keys=0

at a hold's end its newest key goes first
  genesis holdKeys=10s
  createSale
  hold 0x1 key=a
  extend 0 key=b until=61s
  extend 0 key=c until=62s
  extend 0 key=d until=63s
  extend 0 key=e until=64s
  confirm 0 key=f scope=hold:0
  wait 10s
  hold 0x1 key=a → OK thing=0 replayed
  state keys=2
  confirm 0 key=f scope=hold:0 → HOLD_CONFIRMED
  state keys=0

a key of a confirm outside the hold's scope is kept as an order's
  genesis holdKeys=1s orderKeys=10s
  createSale
  hold 0x1
  confirm 0 key=a scope=door:1 → OK thing=0
  wait 9s
  confirm 0 key=a scope=door:1 → OK thing=0 replayed
  wait 1s
  confirm 0 key=a scope=door:1 → HOLD_CONFIRMED

a remembered refusal of a hold is kept as an order's
  genesis holdKeys=1s orderKeys=10s
  createSale capacity=0 refusals=remember
  hold 0x1 key=a scope=sale:0 → SOLD_OUT
  hold 0x1 key=b scope=hold:7 → SOLD_OUT
  tick 2s
  state keys=1
  hold 0x1 key=a scope=sale:0 → SOLD_OUT replayed
  tick 8s
  state keys=0

keys of a swept hold can be freed in the same record
  genesis holdKeys=0s
  createSale
  hold 0x1 key=a
  tick 60s
  state holds.0.state=expired keys=0

a changed retention applies to existing keys
  genesis orderKeys=24h
  createCustomer key=a
  tick 10s
  settings orderKeys=5s
  createCustomer key=a → OK thing=1

a key that was freed late cannot act on its hold twice
  genesis holdKeys=1s maxKeys=2
  createSale
  hold 0x1 key=a
  hold 0x1 key=b
  hold 0x1 key=c → KEYS_FULL
  release 0
  wait 1s
  hold 0x1 key=c → OK thing=2
  hold 0x1 key=a → KEYS_FULL
  release 1 key=d → KEYS_FULL
  release 1
  wait 1s
  hold 0x1 key=a → OK thing=3
`;
