import { ApiError, NoAnswer, readProblem } from './errors.ts';
import type { SessionAnswer } from './types.ts';

const TIMEOUT = 30_000; // milliseconds; the API's own limit for a signature is 3 s

export interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  signal?: AbortSignal;
}

/** Calls the API with a bearer token and opens the session again when the token has run out. */
export class Client {
  #initData: string;
  #language: () => string;
  #token: string | null = null;
  #opening: Promise<SessionAnswer> | null = null;

  constructor(initData: string, language: () => string) {
    this.#initData = initData;
    this.#language = language;
  }

  /** Exchanges initData for a session; concurrent callers share one exchange. */
  openSession(): Promise<SessionAnswer> {
    this.#opening ??= this.#exchange().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** The decoded JSON answer. Raises `ApiError` for a refusal and `NoAnswer` when none came. */
  async call<T>(path: string, options: CallOptions = {}): Promise<T> {
    if (this.#token === null) await this.openSession();
    try {
      return await this.#send<T>(path, options);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      await this.openSession();
      return this.#send<T>(path, options);
    }
  }

  async #exchange(): Promise<SessionAnswer> {
    this.#token = null;
    const body = { init_data: this.#initData };
    const session = await this.#send<SessionAnswer>('/api/session', { method: 'POST', body });
    this.#token = session.token;
    return session;
  }

  async #send<T>(path: string, { method = 'GET', body, signal }: CallOptions): Promise<T> {
    const headers: Record<string, string> = { 'Accept-Language': this.#language() };
    if (this.#token !== null) headers.Authorization = `Bearer ${this.#token}`;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const response = await fetchWithin(
      path,
      { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) },
      signal,
    );
    if (!response.ok) throw await readProblem(response);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }
}

/**
 * `fetch` with a time limit, whose failures have one name; an abort by the caller stays an abort.
 * (`AbortSignal.any` would say it shorter, but iOS has it only since 17.4.)
 */
async function fetchWithin(path: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
  const limit = new AbortController();
  const abort = () => limit.abort();
  const timer = setTimeout(abort, TIMEOUT);
  signal?.addEventListener('abort', abort);
  try {
    signal?.throwIfAborted();
    return await fetch(path, { ...init, signal: limit.signal });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new NoAnswer('no answer from the shop', { cause: error });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
