/**
 * The content of `/api/v1/stats`: counters since the start of this process, and the 95th percentile
 * of the last requests.
 */
const remembered = 4096;

export class Statistics {
  totalRequests = 0;
  successPurchases = 0;
  failedPurchases = 0;
  private readonly latencies = new Float64Array(remembered);

  /** Counts each request to a route of the door once, when it is answered. */
  count(isPurchase: boolean, status: number, ms: number): void {
    this.latencies[this.totalRequests % remembered] = ms;
    this.totalRequests += 1;
    if (isPurchase && (status === 409 || status >= 500)) this.failedPurchases += 1;
  }

  /** Milliseconds, with decimals; 0 before the first request. */
  p95Latency(): number {
    const filled = Math.min(this.totalRequests, remembered);
    if (filled === 0) return 0;
    const sorted = this.latencies.slice(0, filled).sort();
    return Math.round(sorted[Math.ceil(filled * 0.95) - 1]! * 1000) / 1000;
  }
}
