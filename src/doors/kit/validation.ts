/**
 * Checks bodies and parameters against their schemas: compiled once, errors spelled out only on
 * failure.
 */
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { FieldError } from '../../http/problems.ts';
import { HttpFailure, problems } from '../../http/problems.ts';

/** Maximum of errors in one answer. */
const maxErrors = 20;

/**
 * A check that returns its argument, typed, or throws. `at`: its place in the body.
 * @throws HttpFailure 400 INVALID_REQUEST
 */
export type Check<Value> = (value: unknown, at?: string) => Value;

export function checkOf<Schema extends TSchema>(schema: Schema): Check<Static<Schema>> {
  const validator = Compile(schema);
  return (value, at = '') => {
    if (validator.Check(value)) return value;
    const errors: FieldError[] = [];
    for (const error of validator.Errors(value)) {
      if (errors.length === maxErrors) break;
      // An unknown field is named once, by the object that contains it.
      if (error.keyword === 'boolean') continue;
      errors.push({ path: at + error.instancePath || '/', message: spell(error) });
    }
    throw invalidFields(errors);
  };
}

/** For rules that no schema can express. `errors`: at least one. */
export function invalidFields(errors: readonly FieldError[]): HttpFailure {
  return new HttpFailure(problems.INVALID_REQUEST, firstSentence(errors), errors);
}

export function invalidField(path: string, message: string): HttpFailure {
  return invalidFields([{ path, message }]);
}

interface SchemaError {
  readonly keyword: string;
  readonly message: string;
  readonly params: object;
}

/** The validator's own sentence, with the names that it leaves out. */
function spell(error: SchemaError): string {
  const params = error.params as { additionalProperties?: unknown; requiredProperties?: unknown };
  if (error.keyword === 'additionalProperties') return `has unknown fields: ${list(params.additionalProperties)}`;
  if (error.keyword === 'required') return `lacks: ${list(params.requiredProperties)}`;
  return error.message;
}

function list(names: unknown): string {
  return Array.isArray(names) ? names.slice(0, 5).map(String).join(', ').slice(0, 200) : '';
}

function firstSentence(errors: readonly FieldError[]): string {
  const [first] = errors;
  return first === undefined ? problems.INVALID_REQUEST.sentence : `${first.path} ${first.message}.`;
}
