// What distributions.json and an environment file say, as their schemas describe it.

export type EventType = "viewer-request" | "origin-request" | "origin-response" | "viewer-response";
export type Selection = "none" | "all" | string[] | { except: string[] };
export type Encoding = "gzip" | "br";

export interface FunctionSettings {
  runtime: "cloudfront-js-2.0" | `nodejs${string}`;
  memory?: number;
  timeout?: number;
}

export interface CachePolicy {
  minTtl: number;
  defaultTtl: number;
  maxTtl: number;
  headers?: string[];
  queryStrings?: Selection;
  cookies?: Selection;
  acceptEncoding?: Encoding[];
}

export interface OriginRequestPolicy {
  headers?: "none" | "all" | string[] | { allAnd: string[] } | { allExcept: string[] };
  queryStrings?: Selection;
  cookies?: Selection;
}

export interface ResponseHeadersPolicy {
  override?: boolean;
  contentSecurityPolicy?: string;
  contentTypeOptions?: true;
  frameOptions?: "DENY" | "SAMEORIGIN";
  referrerPolicy?: string;
  strictTransportSecurity?: { maxAge: number; includeSubdomains?: boolean; preload?: boolean };
  headers?: Record<string, string>;
  remove?: string[];
}

export interface Rule {
  name: string;
  action?: "allow" | "block" | "count";
  addresses?: string[];
  userAgentContains?: string[];
  userAgentMissing?: true;
  rate?: { limit: number; window?: number; pathStartsWith?: string };
  managed?: string;
}

export interface WebAcl {
  defaultAction: "allow" | "block";
  rules: Rule[];
}

export interface Origin {
  type: "http" | "s3";
  path?: string;
  connectionAttempts?: number;
  connectionTimeout?: number;
  responseTimeout?: number;
  keepAliveTimeout?: number;
  headers?: Record<string, string>;
}

export interface CustomErrorResponse {
  status: number;
  responseStatus?: number;
  responsePage?: string;
  minTtl?: number;
}

export interface Behavior {
  origin: string;
  allowedMethods?: string[];
  compress?: boolean;
  cachePolicy: string;
  originRequestPolicy?: string;
  responseHeadersPolicy?: string;
  functions?: Partial<Record<EventType, string>>;
}

export interface PathBehavior extends Behavior {
  path: string;
}

export interface Distribution {
  origins: Record<string, Origin>;
  webAcl?: string;
  defaultRootObject?: string;
  customErrorResponses?: CustomErrorResponse[];
  behaviors?: PathBehavior[];
  defaultBehavior: Behavior;
}

export interface Distributions {
  functions?: Record<string, FunctionSettings>;
  cachePolicies: Record<string, CachePolicy>;
  originRequestPolicies?: Record<string, OriginRequestPolicy>;
  responseHeadersPolicies?: Record<string, ResponseHeadersPolicy>;
  webAcls?: Record<string, WebAcl>;
  distributions: Record<string, Distribution>;
}

export type OriginPlace = { targets: string[]; health?: string } | { s3: string } | { folder: string };

export interface Environment {
  distributions: Record<string, { id: string; hosts: string[] }>;
  origins: Record<string, OriginPlace>;
  functions?: Record<string, Record<string, unknown>>;
  countries?: { default: string; networks?: Record<string, string> };
}
