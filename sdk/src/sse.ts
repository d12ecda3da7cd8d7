/**
 * Parses Server-Sent Events by the HTML standard, from chunks that may be cut anywhere: inside a
 * character, or between CR and LF.
 *
 * Lines end with CR, LF or CRLF. A byte order mark at the start is skipped. A line that begins with
 * a colon is a comment. An empty line completes an event; an incomplete one at the end of the
 * stream is dropped.
 */

export interface SseEvent {
  /** `message` when the event has no name. */
  readonly event: string;
  /** Its data lines, with LF between them. */
  readonly data: string;
  /** The last id so far, of this event or an earlier one; empty without any. */
  readonly lastEventId: string;
  /** Whether the event has an id of its own. */
  readonly hasId: boolean;
}

/** Maximum of a line or event, characters; a longer one means a broken server. */
const maxCharacters = 1 << 22;

const lineEnd = /[\r\n]/g;

export class SseParser {
  /** The wait between connections that the server asks for, ms; null if it named none. */
  retryMs: number | null = null;
  private readonly decoder = new TextDecoder();
  /** The beginning of an incomplete line. */
  private partial = '';
  /** The last chunk ended with CR: an LF that follows belongs to it. */
  private skipsLf = false;
  private event = '';
  private data: string[] = [];
  private characters = 0;
  private lastEventId: string;
  private hasId = false;

  /** `lastEventId`: that of the previous connection, from which this one goes on. */
  constructor(lastEventId = '') {
    this.lastEventId = lastEventId;
  }

  /**
   * The events that this chunk completes. @throws RangeError for a line or event above the maximum
   */
  push(chunk: Uint8Array): SseEvent[] {
    const events: SseEvent[] = [];
    let text = this.decoder.decode(chunk, { stream: true });
    if (text === '') return events;
    if (this.skipsLf && text.startsWith('\n')) text = text.slice(1);
    this.skipsLf = text.endsWith('\r');
    let from = 0;
    lineEnd.lastIndex = 0;
    for (let match = lineEnd.exec(text); match !== null; match = lineEnd.exec(text)) {
      this.takeLine(this.partial + text.slice(from, match.index), events);
      this.partial = '';
      from = match.index + (text.startsWith('\r\n', match.index) ? 2 : 1);
      lineEnd.lastIndex = from;
    }
    this.partial += text.slice(from);
    this.bound(this.partial.length);
    return events;
  }

  private takeLine(line: string, events: SseEvent[]): void {
    if (line === '') {
      this.complete(events);
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    switch (field) {
      case 'event':
        this.event = value;
        break;
      case 'data':
        this.data.push(value);
        this.characters += value.length + 1;
        this.bound(0);
        break;
      case 'id':
        if (value.includes('\0')) break;
        this.lastEventId = value;
        this.hasId = true;
        break;
      case 'retry':
        if (/^\d+$/.test(value)) this.retryMs = Number(value);
        break;
      default:
    }
  }

  /** An event without data is dropped, but its id counts. */
  private complete(events: SseEvent[]): void {
    const { event, data, lastEventId, hasId } = this;
    if (data.length > 0) events.push({ event: event || 'message', data: data.join('\n'), lastEventId, hasId });
    this.event = '';
    this.data = [];
    this.characters = 0;
    if (data.length > 0) this.hasId = false;
  }

  private bound(more: number): void {
    if (this.characters + more > maxCharacters)
      throw new RangeError(`an event of more than ${maxCharacters} characters`);
  }
}
