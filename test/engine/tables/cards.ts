/** Cards: issued, loaded, refunded, blocked. The form is described in `table.ts`. */
export const cards = `
a card is issued with an opening balance
  wait 1s
  createCard anna name=Anna balance=2000EUR → OK thing=0 remaining=2000 position=2 kind=createCard
  createCard bert → OK thing=1
  state cards.0.id=anna cards.0.name=Anna cards.0.category=adult cards.0.balance=2000 cards.0.status=active
  state cards.0.createdAtMs=1700000001000 cards.1.name=null cards.1.balance=0 cardCurrency=EUR
  state cardTotals.opened=2000 journal.entries=1 denied=[]

a card's id is taken once, as text and as a UUID alike
  createCard anna
  createCard anna → CARD_EXISTS
  createCard 01234567-89ab-cdef-0123-456789abcdef
  createCard 01234567-89ab-cdef-0123-456789abcdef → CARD_EXISTS
  createCard 01234567-89AB-cdef-0123-456789abcdef → OK thing=2
  createCard 0123456789abcdef0123456789abcdef → OK thing=3
  createCard 01234567-89ab-cdef-0123-456789abcde → OK thing=4
  state cards.1.id=01234567-89ab-cdef-0123-456789abcdef cards.2.id=01234567-89AB-cdef-0123-456789abcdef

a name may be empty, and an id of any letters
  createCard Ōpera-é name= → OK
  state cards.0.id=Ōpera-é cards.0.name=

many cards are issued at once, each with an id of its own
  createCard anna
  issueCards count=3 balance=100EUR → OK thing=1 remaining=3 position=3 kind=issueCards
  issueCards count=10000 → OK thing=4 remaining=10000
  state cards.length=10004 cards.1.balance=100 cards.3.balance=100 cards.4.balance=0 cards.1.name=null
  state cardTotals.opened=300 journal.entries=3

no more cards are issued at once than a record may make, and no fewer than one
  issueCards count=0 → INVALID_QUANTITY
  issueCards count=10001 → INVALID_QUANTITY
  issueCards count=1.5 → INVALID_QUANTITY
  state cards.length=0

money goes onto a card
  createCard anna
  topUp 0 500EUR → OK thing=0 remaining=500 kind=topUp
  topUp 0 1 → OK thing=0 remaining=501
  refund 0 30 journey=7 → OK thing=0 remaining=531 kind=refund
  state cards.0.balance=531 cardTotals.toppedUp=501 cardTotals.refunded=30 cardTotals.opened=0 journal.entries=3

an amount is whole and above 0
  createCard anna
  topUp 0 0 → INVALID_AMOUNT
  topUp 0 -1 → INVALID_AMOUNT
  topUp 0 1.5 → INVALID_AMOUNT
  refund 0 0 → INVALID_AMOUNT
  createCard bert balance=-1 → INVALID_AMOUNT
  createCard bert balance=0.5 → INVALID_AMOUNT
  issueCards count=2 balance=-1 → INVALID_AMOUNT
  state cards.length=1 cards.0.balance=0 journal.entries=0

a balance stays within what a card can hold
  createCard anna balance=2147483648 → BALANCE_LIMIT
  createCard anna balance=2147483647 → OK
  topUp 0 1 → BALANCE_LIMIT
  refund 0 1 → BALANCE_LIMIT
  topUp 0 0 → INVALID_AMOUNT
  createCard bert balance=2147483646
  topUp 1 1.5 → BALANCE_LIMIT
  topUp 1 1 → OK thing=1 remaining=2147483647

all money of a store is in one currency
  createCard anna balance=5EUR
  createCard bert balance=5CHF → CURRENCY_MISMATCH
  createCard anna balance=5CHF → CURRENCY_MISMATCH
  issueCards count=1 balance=5CHF → CURRENCY_MISMATCH
  issueCards count=0 balance=5CHF → INVALID_QUANTITY
  topUp 0 5CHF → CURRENCY_MISMATCH
  refund 9 5CHF → CURRENCY_MISMATCH
  topUp 0 5EUR → OK remaining=10

the first money fixes the currency, be it a top-up
  createCard anna
  state cardCurrency=null
  topUp 0 5CHF
  state cardCurrency=CHF
  createCard bert balance=5EUR → CURRENCY_MISMATCH

a rider category must be one that a tariff has
  createCard anna category=child → UNKNOWN_CATEGORY
  createCard anna category=child balance=-1 → UNKNOWN_CATEGORY
  issueCards count=1 category=child → UNKNOWN_CATEGORY
  createCard anna category=adult → OK

a card that is not there is unknown
  topUp 0 5 → UNKNOWN_CARD
  refund 0 0 → UNKNOWN_CARD
  blockCard 0 → UNKNOWN_CARD
  unblockCard 0 → UNKNOWN_CARD
  createCard anna
  blockCard 1 → UNKNOWN_CARD

a card is blocked once, and unblocked once
  createCard anna
  unblockCard 0 → NO_EFFECT thing=0
  blockCard 0 → OK thing=0 kind=blockCard
  blockCard 0 → NO_EFFECT thing=0 kind=blockCard
  state cards.0.status=blocked denied=[[1,"anna",true]]
  unblockCard 0 → OK thing=0 kind=unblockCard
  state cards.0.status=active denied=[[2,"anna",false]]

a blocked card still takes money
  createCard anna
  blockCard 0
  topUp 0 5 → OK remaining=5
  refund 0 5 → OK remaining=10
  state denied=[[1,"anna",true]]

each change of the deny list has the next number, and a card stands in its latest
  createCard anna
  createCard bert
  blockCard 1
  blockCard 0
  unblockCard 1
  state denied=[[2,"anna",true],[3,"bert",false]]
  blockCard 1
  state denied=[[2,"anna",true],[4,"bert",true]]

a key gives the first answer again
  createCard anna key=k scope=operator
  createCard anna key=k scope=operator → OK thing=0 position=2 replayed
  createCard bert key=k scope=operator print=2 → KEY_REUSED
  topUp 0 5 key=k scope=card:0 → OK thing=0 remaining=5
  topUp 0 5 key=k scope=card:0 → OK thing=0 remaining=5 replayed
  state cards.length=1 cards.0.balance=5
`;
