/** The client of Holdfast's native API. */
export type { Fetch } from './attempt.ts';
export type {
  Card,
  CardState,
  CardStatus,
  DenyListFeed,
  DenyListItem,
  DenyReason,
  EntryKind,
  Journey,
  JourneyEnd,
  JourneyStatus,
  Money,
  NewCard,
  Refund,
  RefundMade,
  Statement,
  StatementEntry,
  TopUp,
  TopUpMade,
} from './card-shapes.ts';
export type { Cards } from './cards.ts';
export type { HoldfastOptions } from './client.ts';
export { Holdfast } from './client.ts';
export type { Customers } from './customers.ts';
export type { ErrorCode, FieldError } from './errors.ts';
export { errorCodes, HoldfastError, NetworkError } from './errors.ts';
export type { Gates } from './gates.ts';
export type { Holds } from './holds.ts';
export type { TokenStore } from './keys.ts';
export { newKey } from './keys.ts';
export type { CancelOptions, Orders, OrdersOf } from './orders.ts';
export { currencies, currenciesPublished } from './currencies.ts';
export { currencyName, formatPrice, isCurrency, minorDigits, toDecimal, toMinorUnits } from './money.ts';
export { comparePositions } from './position.ts';
export type { RetryOptions } from './retry.ts';
export type { ListOptions, PageOptions, Sales } from './sales.ts';
export type { MappedSeat } from './seat-map.ts';
export { SeatMap } from './seat-map.ts';
export type {
  CompactRow,
  CompactSeats,
  Hall,
  HallRow,
  HallSeat,
  NewSeat,
  Seat,
  SeatChange,
  SeatList,
  SeatState,
} from './seat-shapes.ts';
export type { SeatListOptions, Seats } from './seats.ts';
export type {
  Ask,
  Best,
  BestAsk,
  Buyer,
  Customer,
  Hold,
  HoldStatus,
  MadeOrder,
  NewBasket,
  NewCountedSale,
  NewCustomer,
  NewHold,
  NewLine,
  NewOrder,
  NewSale,
  NewSaleTerms,
  NewSeatedSale,
  NewWaitlistEntry,
  Order,
  OrderLine,
  OrderStatus,
  ListPage,
  Page,
  Price,
  Sale,
  SaleChange,
  SaleKind,
  SaleStatus,
  SeatsAsk,
  Sum,
  TimeInput,
  UnitsAsk,
  WaitlistEntry,
  WaitlistStatus,
} from './shapes.ts';
export type { SseEvent } from './sse.ts';
export { SseParser } from './sse.ts';
export type { StreamReader } from './stream.ts';
export type { ConnectionState, Followed, StreamOptions } from './stream-options.ts';
export type { HoldNews, Purchase, SeatsNews, StreamEvent, WaitlistNews } from './stream-events.ts';
export type {
  KnownGate,
  NewGate,
  NewTap,
  TapDecision,
  TapDirection,
  TapOutcome,
  TapOutcomes,
  TapResult,
  TapTotals,
  TapsSkip,
  TapsSkipped,
} from './tap-shapes.ts';
export type { Taps } from './taps.ts';
export type {
  CapWindow,
  CategoryShare,
  FareCap,
  Fares,
  NewStation,
  NewTariff,
  PeakFares,
  SameStationFare,
  Station,
  StationInterchange,
  Tariff,
} from './tariff-shapes.ts';
export type { TariffOptions, Tariffs } from './tariffs.ts';
export type { AnswerInfo, Answered, Asked, CallOptions, CommandOptions, ReadOptions } from './transport.ts';
export type { Waitlist } from './waitlist.ts';
