/** Orders, windows, limits and cancellation. The form is described in `table.ts`. */
export const orders = `
an order takes stock at once
  createSale capacity=5 price=1000EUR
  order 0x2 by=anna → OK thing=0 remaining=3 position=3 kind=order
  order 0x3 → OK thing=1 remaining=0
  order 0x1 → SOLD_OUT position=5 kind=order
  state sales.0.sold=5 sales.0.held=0 orders.0.customer=anna orders.1.customer=null orders.0.position=3 orders.0.hold=null
  state orders.0.lines.0.amount=1000 orders.0.lines.0.remaining=3 orders.0.lines.0.cancelledAt=0

an order that fits is not refused after one that did not
  createSale capacity=3
  order 0x4 → SOLD_OUT
  order 0x3 → OK remaining=0

a sale without units is sold out from the start
  createSale capacity=0
  order 0x1 → SOLD_OUT

two lines for one sale in one request are summed
  createSale capacity=5
  order 0x3 0x3 → SOLD_OUT
  order 0x3 0x2 → OK thing=0 remaining=0
  state sales.0.sold=5 orders.0.lines.0.remaining=2 orders.0.lines.1.remaining=0

lines for one sale are summed with another sale's between them
  createSale capacity=5
  createSale capacity=5
  order 0x3 1x1 0x3 → SOLD_OUT
  order 0x3 1x1 0x2 → OK remaining=0
  state sales.0.sold=5 sales.1.sold=1

two lines for one sale are summed against the limit per order
  createSale perOrder=4
  order 0x3 0x2 → LIMIT_REACHED
  order 0x2 0x2 → OK

two lines for one sale are summed against the limit per customer
  createSale perCustomer=4
  order 0x3 0x2 by=anna → LIMIT_REACHED
  order 0x2 0x2 by=anna → OK
  state sales.0.units={"anna":4}

an order is all or nothing
  createSale capacity=5
  createSale capacity=1
  order 0x1 1x2 → SOLD_OUT
  order 1x2 0x1 → SOLD_OUT
  state sales.0.sold=0 sales.1.sold=0 orders.length=0
  order 0x1 1x1 → OK thing=0 remaining=4
  state orders.0.lines.1.sale=1 orders.0.lines.1.remaining=0

quantities near 2^32 do not wrap around
  createSale capacity=1000000000 perOrder=4294967295
  order 0x4294967295 0x2 → LIMIT_REACHED
  order 0x4294967295 → SOLD_OUT
  createSale capacity=1000000000
  order 1x4294967295 1x1 → SOLD_OUT
  order 1x1000000000 → OK remaining=0

an order without a line and a line without a unit are invalid
  createSale
  order → INVALID_QUANTITY
  order 0x0 → INVALID_QUANTITY
  order 0x1 0x0 → INVALID_QUANTITY
  hold 0x0 → INVALID_QUANTITY

an unknown sale cannot be ordered
  createSale
  order 1x1 → UNKNOWN_SALE
  order 0x1 1x1 → UNKNOWN_SALE
  order 4294967295x1 → UNKNOWN_SALE
  hold 1x1 → UNKNOWN_SALE

lines of one order share a currency
  createSale price=1000EUR
  createSale price=1000USD
  createSale
  createSale price=2000EUR
  order 0x1 1x1 → CURRENCY_MISMATCH
  order 0x1 2x1 → OK
  order 2x1 1x1 → OK
  order 0x1 3x1 → OK

a line without a currency in front hides no mismatch behind it
  createSale price=1000EUR
  createSale price=1000USD
  createSale
  order 2x1 0x1 1x1 → CURRENCY_MISMATCH
  order 0x1 2x1 1x1 → CURRENCY_MISMATCH
  order 2x1 2x1 0x1 0x1 → OK

each line keeps the price of its moment
  createSale price=1000EUR
  order 0x1
  updateSale 0 price=1500EUR
  order 0x1
  updateSale 0 price=none
  order 0x1
  state orders.0.lines.0.amount=1000 orders.1.lines.0.amount=1500 orders.2.lines.0.amount=null

a sale opens at the millisecond
  createSale opens=10s
  order 0x1 → NOT_OPEN
  wait 9999ms
  order 0x1 → NOT_OPEN
  hold 0x1 → NOT_OPEN
  wait 1ms
  order 0x1 → OK
  hold 0x1 → OK

a sale closes at the millisecond
  createSale closes=10s
  wait 9999ms
  order 0x1 → OK
  wait 1ms
  order 0x1 → CLOSED
  hold 0x1 → CLOSED

a paused sale goes on when it is open again
  createSale
  updateSale 0 status=paused
  order 0x1 → PAUSED
  hold 0x1 → PAUSED
  updateSale 0 status=open
  order 0x1 → OK

a closed sale can be opened again within its window
  createSale closes=10s
  updateSale 0 status=closed
  order 0x1 → CLOSED
  updateSale 0 status=open
  order 0x1 → OK
  wait 10s
  order 0x1 → CLOSED
  updateSale 0 status=open
  order 0x1 → CLOSED
  updateSale 0 closes=11s
  order 0x1 → OK

closed goes before paused, and paused before not open
  createSale opens=10s closes=20s
  updateSale 0 status=paused
  order 0x1 → PAUSED
  updateSale 0 status=closed
  order 0x1 → CLOSED
  updateSale 0 status=paused
  wait 20s
  order 0x1 → CLOSED

a limit per order holds for orders and holds
  createSale perOrder=2
  order 0x3 → LIMIT_REACHED
  hold 0x3 → LIMIT_REACHED
  order 0x2 → OK
  hold 0x2 → OK
  order 0x2 → OK

a sale with a limit per customer must know the customer
  createSale perCustomer=2
  order 0x1 → CUSTOMER_REQUIRED
  hold 0x1 → CUSTOMER_REQUIRED
  order 0x1 by=anna → OK

a limit per customer counts holds and orders together over the whole sale
  createSale perCustomer=3
  order 0x1 by=anna
  hold 0x1 by=anna
  order 0x2 by=anna → LIMIT_REACHED
  hold 0x2 by=anna → LIMIT_REACHED
  order 0x3 by=bert → OK
  hold 0x1 by=anna
  order 0x1 by=anna → LIMIT_REACHED
  state sales.0.units={"anna":3,"bert":3}

a confirmed hold adds nothing to the customer's units
  createSale perCustomer=2
  hold 0x2 by=anna
  confirm 0
  state sales.0.units={"anna":2}
  order 0x1 by=anna → LIMIT_REACHED

units return by release, by expiry and by cancellation
  createSale perCustomer=2
  hold 0x2 by=anna
  release 0
  hold 0x2 by=anna
  tick 60s
  order 0x2 by=anna → OK thing=0
  order 0x1 by=anna → LIMIT_REACHED
  cancel 0
  order 0x2 by=anna → OK
  state sales.0.units={"anna":2}

a limit in one sale leaves another alone
  createSale perCustomer=1
  createSale perCustomer=1
  order 0x1 1x1 by=anna → OK
  order 1x1 by=anna → LIMIT_REACHED
  order 0x1 1x1 by=bert → OK

limits of many sales are apart
  seed sales=260 perCustomer=1
  order 0x1 by=anna
  order 1x1 by=anna → OK
  order 256x1 by=anna → OK
  order 256x1 by=anna → LIMIT_REACHED

of an order's refusals the lowest over all lines is given
  createSale capacity=2 perOrder=3 price=1EUR
  createSale closes=1s price=1EUR
  createSale perCustomer=1 price=1EUR
  createSale price=1USD
  wait 1s
  order 0x3 0x1 → LIMIT_REACHED
  order 0x3 1x1 → CLOSED
  order 0x3 1x1 3x1 → CURRENCY_MISMATCH
  order 0x3 1x1 3x1 2x1 → CUSTOMER_REQUIRED
  order 0x3 1x1 3x1 2x1 3x0 → INVALID_QUANTITY
  order 0x3 1x1 3x1 2x1 3x0 4x1 → UNKNOWN_SALE
  order 0x3 → SOLD_OUT

one line's refusals are looked at in their order
  createSale capacity=1 perOrder=2 perCustomer=1 opens=10s
  order 0x0 → INVALID_QUANTITY
  order 0x3 → CUSTOMER_REQUIRED
  order 0x3 by=anna → NOT_OPEN
  wait 10s
  order 0x3 by=anna → LIMIT_REACHED
  order 0x2 by=anna → LIMIT_REACHED
  order 0x1 by=anna → OK
  order 0x1 by=bert → SOLD_OUT

a whole order is cancelled and its stock is back at once
  createSale capacity=5
  createSale capacity=5
  order 0x3 1x2 → OK thing=0
  cancel 0 → OK thing=0 remaining=5 position=5 kind=cancel
  state sales.0.sold=0 sales.1.sold=0 orders.0.lines.0.cancelledAt=5 orders.0.lines.1.cancelledAt=5
  order 0x5 1x5 → OK
  cancel 0 → ORDER_CANCELLED

an order is cancelled line by line
  createSale capacity=5
  createSale capacity=5
  order 0x3 1x2 0x1
  cancel 0 lines=1 → OK thing=0 remaining=1
  state sales.0.sold=4 sales.1.sold=0 orders.0.lines.1.cancelledAt=5 orders.0.lines.0.cancelledAt=0
  cancel 0 lines=1 → LINE_CANCELLED
  cancel 0 lines=0,1 → LINE_CANCELLED
  state sales.0.sold=4
  cancel 0 lines=2 → OK remaining=2
  cancel 0 lines=0 → OK remaining=5
  cancel 0 lines=0 → ORDER_CANCELLED
  cancel 0 → ORDER_CANCELLED

a cancellation of all takes the lines that stand
  createSale
  order 0x3 0x2
  cancel 0 lines=0
  cancel 0 → OK remaining=10
  state orders.0.lines.0.cancelledAt=4 orders.0.lines.1.cancelledAt=5 sales.0.sold=0

a line named twice counts once
  createSale capacity=5
  order 0x3 0x2
  cancel 0 lines=1,1 → OK remaining=2
  state sales.0.sold=3

an unknown order or line cannot be cancelled
  cancel 0 → UNKNOWN_ORDER
  createSale
  order 0x1
  cancel 1 → UNKNOWN_ORDER
  cancel 1 lines=9 → UNKNOWN_ORDER
  cancel 0 lines=1 → UNKNOWN_LINE
  cancel 0 lines=0,1 → UNKNOWN_LINE
  state sales.0.sold=1

of a cancellation's refusals the lowest is given
  createSale
  order 0x1 0x1
  cancel 0 lines=0
  cancel 0 lines=0,2 → UNKNOWN_LINE
  cancel 0
  cancel 0 lines=0,2 → UNKNOWN_LINE
  cancel 0 lines=0 → ORDER_CANCELLED

a cancellation ignores the window
  createSale closes=10s
  order 0x1
  order 0x1
  wait 10s
  cancel 0 → OK
  updateSale 0 status=closed
  cancel 1 → OK

an order from a hold can be cancelled
  createSale perCustomer=2
  hold 0x2 by=anna
  confirm 0
  cancel 0 → OK remaining=10
  hold 0x2 by=anna → OK thing=1
  confirm 0 → HOLD_CONFIRMED
`;
