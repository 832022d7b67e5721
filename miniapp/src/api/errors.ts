import type { Problem } from './types.ts';

/** The API's answer was a refusal (problem+json, RFC 9457); `message` is fit to be shown. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  readonly problem: Partial<Problem>;
  /** Seconds that the API asks us to wait, from Retry-After. */
  readonly retryAfter: number | null;

  constructor(status: number, problem: Partial<Problem>, retryAfter: number | null) {
    super(problem.detail ?? `HTTP ${status}`);
    this.status = status;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** No answer came: no network, a dropped connection or a time-out. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
}

/** Trying the same call again later may succeed. */
export function isPassing(error: unknown): boolean {
  if (error instanceof NoAnswer) return true;
  return error instanceof ApiError && (error.status === 429 || error.status >= 500);
}

/** Reads the refusal out of a response whose body may be no JSON at all (a proxy's page). */
export async function readProblem(response: Response): Promise<ApiError> {
  let problem: Partial<Problem> = {};
  try {
    problem = (await response.json()) as Problem;
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
  }
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return new ApiError(response.status, problem, Number.isFinite(seconds) ? seconds : null);
}
