import { addressIn } from "./configuration/cidr.ts";
import type { Environment } from "./configuration/model.ts";
import { type Headers, header } from "./headers.ts";

export interface Viewer {
  address: string;
  port: number;
  httpVersion: string;
  headers: Headers;
}

export type ViewerHeaders = (viewer: Viewer, name: string) => string | undefined;

/**
 * Values of the headers that CloudFront adds when a policy asks for them:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html
 * Devices are told by a few words of the user agent, countries by the environment's table.
 */
export function viewerHeaders(countries: Environment["countries"] = { default: "ZZ" }): ViewerHeaders {
  const networks = Object.entries(countries.networks ?? {}).map(([cidr, country]) => ({
    contains: addressIn([cidr]),
    country,
  }));
  const country = (address: string) => networks.find(({ contains }) => contains(address))?.country ?? countries.default;

  return (viewer, name) => {
    const agent = header(viewer.headers, "user-agent") ?? "";
    switch (name) {
      case "cloudfront-viewer-country":
        return country(viewer.address);
      case "cloudfront-viewer-address":
        return `${viewer.address}:${viewer.port}`;
      case "cloudfront-viewer-http-version":
        return viewer.httpVersion;
      case "cloudfront-forwarded-proto":
        return "http";
      case "cloudfront-viewer-header-count":
        return String(viewer.headers.size);
      case "cloudfront-viewer-header-order":
        return [...viewer.headers.keys()].join(":").slice(0, 7680);
      case "cloudfront-is-android-viewer":
        return String(/Android/.test(agent));
      case "cloudfront-is-ios-viewer":
        return String(isIos(agent));
      case "cloudfront-is-mobile-viewer":
        return String(isMobile(agent));
      case "cloudfront-is-tablet-viewer":
        return String(isTablet(agent));
      case "cloudfront-is-smarttv-viewer":
        return String(isTelevision(agent));
      case "cloudfront-is-desktop-viewer":
        return String(!isMobile(agent) && !isTablet(agent) && !isTelevision(agent));
      default:
        return undefined;
    }
  };
}

function isIos(agent: string): boolean {
  return /iPhone|iPad|iPod/.test(agent);
}

function isMobile(agent: string): boolean {
  return /Mobi|iPhone|iPod/.test(agent);
}

function isTablet(agent: string): boolean {
  return /iPad|Tablet/.test(agent) || (/Android/.test(agent) && !/Mobi/.test(agent) && !isTelevision(agent));
}

function isTelevision(agent: string): boolean {
  return /SMART-TV|SmartTV|Web0S|webOS\.TV|AppleTV|Apple TV|BRAVIA|GoogleTV|Android TV/.test(agent);
}
