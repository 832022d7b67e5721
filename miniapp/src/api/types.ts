/** The HTTP contract's shapes. Sizes are bytes, amounts minor units, times ISO 8601 UTC. */

export type Language = 'fr' | 'en';
export type Rail = string;

export interface Money {
  amount: number;
  currency: string;
}

export type Prices = Record<Rail, Money>;

export interface Session {
  token: string;
  expires_at: string;
  user: { id: number; name: string; language: string; roles: string[] };
  shop: { id: number; name: string; status: string; rails: Rail[] } | null;
  limits: { max_upload_size: number; part_batch: number; upload_days: number };
  shop_name: string;
  bot_username: string;
  upload_policy: 'on_confirm' | 'after_payment';
}

export interface StoredFile {
  id: string;
  name: string;
  size: number;
  content_type: string;
}

export interface OwnFile extends StoredFile {
  status: string;
  reason?: string;
}

export type PreviewKind =
  | 'archive'
  | 'document'
  | 'excerpt'
  | 'film'
  | 'pages'
  | 'picture'
  | 'sound'
  | 'unknown';

/** What a product's files look like inside. */
export interface Preview {
  kind: PreviewKind;
  /** Addresses: the seller's own picture first, then those made of the file. */
  pictures: string[];
  /** Address of six silent seconds of a film. */
  teaser: string | null;
  /** What the file is, in words. */
  text: string;
  /** Names in an archive, chapters, tags, or the first lines of a text. */
  lines: string[];
}

export interface Product {
  id: number;
  slug: string;
  title: string;
  status: string;
  prices: Prices;
  sales: number;
  revenue: Money[];
  files: OwnFile[];
  preview: Preview | null;
  created_at: string;
}

export interface ProductDraft {
  title: string;
  description: string;
  prices: Prices;
  kind: 'file';
}

export interface ProductView {
  id: number;
  slug: string;
  title: string;
  description: string;
  seller_name: string;
  prices: Prices;
  files: StoredFile[];
  preview: Preview | null;
  owned: boolean;
  buy: PayLinks;
}

export interface PayLinks {
  bot_link?: string;
  web_link?: string;
  price?: Money;
}

export interface Page<T> {
  items: T[];
  page: number;
  pages: number;
  total: number;
}

export interface Purchase {
  grant_id: string | number;
  product_id: number;
  title: string;
  order_number: string | number;
  bought_at: string;
  revoked: boolean;
  files: StoredFile[];
}

export interface DownloadLink {
  url: string;
  file_name: string;
  expires_at: string;
}

export interface Sales {
  days: { date: string; orders: number; revenue: Prices }[];
  totals: { rail: Rail; currency: string; amount: number; orders: number }[];
}

export interface Fingerprint {
  size: number;
  /** Milliseconds since 1970, as the browser's File.lastModified gives it. */
  modified: number;
  /** SHA-256, lower-case hexadecimal, of the first, middle and last 64 KiB. */
  slices: string[];
}

export type Purpose = 'file' | 'picture';

export type UploadState =
  | 'open'
  | 'awaiting_payment'
  | 'verifying'
  | 'moderation'
  | 'accepted'
  | 'refused'
  | 'lost'
  | 'aborted';

export interface HeldPart {
  number: number;
  etag: string;
  size: number;
}

export interface Upload {
  id: string;
  state: UploadState;
  name: string;
  size: number;
  type: string;
  part_size: number;
  product_id: number;
  purpose: Purpose;
  fingerprint: Fingerprint;
  expires_at: string;
  parts_held?: HeldPart[];
  payment_status?: 'pending' | 'confirmed' | 'failed';
  pay?: PayLinks;
  reason?: string;
}

export interface NewUpload {
  name: string;
  size: number;
  type: string;
  product_id: number;
  purpose: Purpose;
  fingerprint: Fingerprint;
  replaces?: string;
}

export interface SignedParts {
  urls: Record<string, string>;
  /** Seconds. */
  expires_in: number;
}
