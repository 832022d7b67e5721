import { waitToRetry } from './retries.ts';

const STALL = 60_000; // milliseconds without a byte moving
const RENEWALS = 3;

/** The store no longer knows the multipart upload. */
export class UploadForgotten extends Error {
  override name = 'UploadForgotten';
}

/** The store refused a part and will refuse it again. */
export class PartRefused extends Error {
  override name = 'PartRefused';
}

interface Answer {
  /** HTTP status, or 0 when no answer came. */
  status: number;
  etag: string | null;
  retryAfter: number | null;
}

export interface Part {
  url: string;
  contentType: string;
  body: Blob;
  onProgress: (sent: number) => void;
  abort: AbortSignal | undefined;
  /** Gives a new URL in place of one that has expired. */
  renew: (url: string) => Promise<string>;
}

/**
 * Sends one part and resolves to its ETag. An expired URL is signed again; a lost network, a busy or restarting
 * store is waited for. Raises `UploadForgotten` on 404 (NoSuchUpload), `PartRefused` on any other refusal and
 * `NotReadableError` (DOMException) when the file has changed on the disk, which looks like a network failure.
 */
export async function putPart(part: Part): Promise<{ etag: string; url: string }> {
  let { url } = part;
  for (let attempt = 0, renewals = 0; ; attempt += 1) {
    const { status, etag, retryAfter } = await put(url, part);
    if (status >= 200 && status < 300) {
      if (etag) return { etag, url };
      throw new PartRefused('the store does not let the browser read ETag: its CORS rules must expose it');
    }
    if (status === 404) throw new UploadForgotten('the store no longer knows this upload');
    if (status === 403 && renewals < RENEWALS) {
      renewals += 1;
      url = await part.renew(url);
    } else if (status === 0 || status === 408 || status === 429 || status >= 500) {
      if (status === 0) await part.body.slice(0, 1).arrayBuffer();
      await waitToRetry(attempt, { retryAfter, abort: part.abort });
    } else {
      throw new PartRefused(`the store answered ${status}`);
    }
  }
}

/** One PUT with Content-Type only: stores refuse a preflight for more. XMLHttpRequest, as fetch tells no progress. */
function put(url: string, { contentType, body, onProgress, abort }: Part): Promise<Answer> {
  abort?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let stalled = 0;
    const watch = () => {
      clearTimeout(stalled);
      stalled = window.setTimeout(() => request.abort(), STALL);
    };
    const giveUp = () => request.abort();
    const finish = () => {
      clearTimeout(stalled);
      abort?.removeEventListener('abort', giveUp);
      if (abort?.aborted) reject(abort.reason ?? new DOMException('aborted', 'AbortError'));
      else resolve(readAnswer(request));
    };
    request.open('PUT', url);
    request.setRequestHeader('Content-Type', contentType);
    request.upload.onprogress = (event) => {
      watch();
      onProgress(event.loaded);
    };
    request.onloadend = finish;
    abort?.addEventListener('abort', giveUp);
    watch();
    request.send(body);
  });
}

function readAnswer(request: XMLHttpRequest): Answer {
  if (request.status === 0) return { status: 0, etag: null, retryAfter: null };
  const seconds = Number(request.getResponseHeader('Retry-After') ?? Number.NaN);
  return {
    status: request.status,
    etag: request.getResponseHeader('ETag'),
    retryAfter: Number.isFinite(seconds) ? seconds : null,
  };
}
