import { ApiError, NoAnswer } from './api/errors.ts';
import { say } from './language.ts';

/** What to tell a person about a failure: the API's own sentence where it gave one. */
export function explain(error: unknown): string {
  if (error instanceof NoAnswer) return say('error.network');
  if (error instanceof ApiError) {
    const { detail, reference } = error.problem;
    const sentence = detail ?? say('error.unexpected');
    return reference ? `${sentence} ${say('error.reference', { reference })}` : sentence;
  }
  console.error(error);
  return say('error.unexpected');
}
