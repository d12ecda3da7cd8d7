/** The shapes of the dialect's answers. */
import type { Answer } from '../../http/answer.ts';
import { jsonAnswer } from '../kit/answers.ts';

/** `{"success":true,"data":…}`: a record, or many of them. */
export function answer(data: unknown): Answer {
  return jsonAnswer({ success: true, data });
}

/** `warning`: what the client may not have meant, though it was done as asked. */
export function created(record: unknown, warning?: string): Answer {
  const body = { success: true, data: record, message: 'Record created successfully' };
  return jsonAnswer(warning === undefined ? body : { ...body, warning }, 201);
}

export function updated(record: unknown): Answer {
  return jsonAnswer({ success: true, data: record, message: 'Record updated successfully' });
}

export function deleted(): Answer {
  return jsonAnswer({ success: true, message: 'Record deleted successfully' });
}

/** The answers about bookings have a status in their body, too. */
export function booked(about: unknown, message: string): Answer {
  return jsonAnswer({ success: true, statusCode: 200, data: about, message });
}
