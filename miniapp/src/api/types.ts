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

export type MembershipState =
  | 'pending'
  | 'trialing'
  | 'active'
  | 'past_due'
  | 'paused'
  | 'cancelled'
  | 'expired'
  | 'revoked';

export type MembershipAct = 'cancel' | 'undo' | 'pause' | 'resume' | 'join';

export interface ChannelPlace {
  id: number;
  title: string;
  inside: boolean;
  /** The holder's own way in, once it is made. */
  link: string | null;
}

export interface Membership {
  id: number;
  title: string;
  seller_name: string;
  state: MembershipState;
  started_at: string | null;
  ends_at: string | null;
  /** The end with its grace. */
  access_until: string | null;
  /** Null while the time waits for the entry. */
  days_left: number | null;
  /** Of the length that is paid at a time, 0 to 1. */
  share_left: number;
  reason: string;
  /** Telegram charges it by itself. */
  subscription: boolean;
  order_number: string | null;
  channels: ChannelPlace[];
  can: { enter: boolean; cancel: boolean; undo: boolean; pause: boolean; resume: boolean };
  renew: { stars: Money | null; web_link: string | null } | null;
}

export interface Notice {
  id: number;
  title: string;
  message: string;
  created_at: string;
  read_at: string | null;
}

export interface Notices {
  items: Notice[];
  unread: number;
  before: number | null;
}

export interface Person {
  telegram_id: number;
  /** Empty where the shop never met them. */
  name: string;
  username: string | null;
}

export interface Member extends Person {
  id: number;
  plan: string;
  state: MembershipState;
  ends_at: string | null;
}

export interface MembersFigures {
  states: Record<MembershipState, number>;
  plans: { id: number; title: string }[];
  /** A month is its first day. */
  revenue: { month: string; amount: number; currency: string; orders: number }[];
  churn: { month: string; members: number; lost: number; gained: number; rate: number | null }[];
}

export interface Channel {
  id: number;
  title: string;
  state: string;
  missing_rights: string[];
  enforcement: string;
  checked_at: string | null;
}

export interface Differences {
  without_grant: { total: number; people: Person[] };
  missing: { total: number; people: Person[] };
}

export interface ChannelEvent {
  id: number;
  channel: string;
  kind: string;
  person: Person | null;
  at: string;
  resolved_at: string | null;
}

export interface Earned {
  rail: Rail;
  amount: number;
  currency: string;
  orders: number;
}

export interface Slot {
  at: string;
  orders: number;
  earned: Earned[];
  links: number;
  signed: number;
  downloads: number;
}

export interface Ranked {
  id: number;
  name: string;
  seller: string;
  orders: number;
  downloads: number;
  revenue: Money[];
}

export interface Figures {
  slots: Slot[];
  totals: Earned[];
  products: Ranked[];
  sellers: Ranked[];
}

export interface Live {
  minutes: Slot[];
  latest: { at: string; file: string; size: number; product: string; seller: string }[];
}

export interface KnownPerson extends Person {
  id: number;
  roles: string[];
  banned: boolean;
  since: string;
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
