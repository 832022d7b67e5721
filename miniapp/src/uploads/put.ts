import { waitToRetry } from './retries.ts';

const STALL = 60_000; // milliseconds without a byte moving
const RENEWALS = 3;
// What MinIO, Ceph and others say that have no room left (workers/store_errors.py knows the same).
const FULL = /<Code>(XMinioStorageFull|InsufficientStorage|QuotaExceeded|InsufficientCapacity)<\/Code>/;

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
  /** The line was too slow for the store; S3 says so with a 400 (RequestTimeout). */
  slow: boolean;
  /** The store says itself that it has no room left. */
  full: boolean;
}

export interface Part {
  url: string;
  contentType: string;
  body: Blob;
  onProgress: (sent: number) => void;
  abort: AbortSignal | undefined;
  /** Gives a new URL in place of one that has expired. */
  renew: (url: string) => Promise<string>;
  /** Whether the shop knows that its store is full; SeaweedFS calls it an internal error like any other. */
  isStoreFull: () => Promise<boolean>;
  /** The ETag under which the store holds the part that this URL is for, whole; null where it does not. */
  findHeld: (url: string) => Promise<string | null>;
}

/**
 * Sends one part and resolves to its ETag. An expired URL is signed again; a lost network, a busy or restarting
 * store is waited for, and so is room in a full one: while the shop knows of it nothing is sent. Where the answer
 * may have been lost and not the part, the store is asked before anything is sent again.
 * Raises `UploadForgotten` on 404 (NoSuchUpload) and 501, `PartRefused` on any other refusal and
 * `NotReadableError` (DOMException) when the file has changed on the disk, which looks like a network failure.
 */
export async function putPart(part: Part): Promise<{ etag: string; url: string }> {
  let { url } = part;
  for (let attempt = 0, renewals = 0; ; attempt += 1) {
    const { status, etag, retryAfter, slow, full } = await put(url, part);
    if (status >= 200 && status < 300) {
      if (etag) return { etag, url };
      throw new PartRefused('the store does not let the browser read ETag: its CORS rules must expose it');
    }
    if (status === 404) throw new UploadForgotten('the store no longer knows this upload');
    // The word of stores that hold a part with other bytes and can replace none (rclone): the upload starts anew.
    if (status === 501) throw new UploadForgotten('the store cannot replace this part');
    if (status === 403 && renewals < RENEWALS) {
      renewals += 1;
      url = await part.renew(url);
    } else if (status === 0 || status === 408 || status === 429 || status >= 500 || slow) {
      if (status === 0) await part.body.slice(0, 1).arrayBuffer();
      const known = status >= 500 && !full && (await part.isStoreFull());
      await waitToRetry(attempt, { retryAfter, abort: part.abort, isFull: full || known });
      if (known) await waitForRoom(part);
      const held = isOpen(status) ? await part.findHeld(url) : null;
      if (held) return { etag: held, url };
    } else {
      throw new PartRefused(`the store answered ${status}`);
    }
  }
}

/**
 * Whether the part may be in the store all the same: the line broke, or a proxy before the store speaks (502, 504
 * and the like). With 408, 429 and 503 a store says itself that it did not take it.
 */
const isOpen = (status: number) => status === 0 || (status >= 500 && status !== 503);

/** Waits until the shop no longer says that its store is full. */
async function waitForRoom({ isStoreFull, abort }: Part): Promise<void> {
  for (let attempt = 0; await isStoreFull(); attempt += 1)
    await waitToRetry(attempt, { abort, isFull: true });
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
  const { status } = request;
  if (status === 0) return { status, etag: null, retryAfter: null, slow: false, full: false };
  const seconds = Number(request.getResponseHeader('Retry-After') ?? Number.NaN);
  return {
    status,
    etag: request.getResponseHeader('ETag'),
    retryAfter: Number.isFinite(seconds) ? seconds : null,
    slow: status === 400 && request.responseText.includes('<Code>RequestTimeout</Code>'),
    full: status === 507 || (status >= 500 && FULL.test(request.responseText)),
  };
}
