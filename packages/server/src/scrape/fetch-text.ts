/**
 * The text of a scrape. The address that was checked is the one that is connected to, so that a name cannot lead
 * elsewhere between the two; nothing is followed, and no answer is waited for or held beyond its limits.
 */
import { lookup } from "node:dns";
import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { createGunzip } from "node:zlib";
import { addressRefusal, type Allowed, hostOf, isNamed, refusalOf } from "./allowed.ts";

export interface FetchLimits {
	readonly withinMs: number;
	readonly maxBytes: number;
}

/** Finds all addresses of a name, as `dns.lookup` with `all`. */
export type Resolver = (host: string, found: (error: Error | null, addresses: readonly Address[]) => void) => void;

export interface Address {
	readonly address: string;
	readonly family: number;
}

export class ScrapeRefusal extends Error {}

const ACCEPT = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3";

/** Throws ScrapeRefusal for what may not be reached, and an error in words for what fails. */
export async function fetchText(
	url: URL,
	allowed: Allowed,
	limits: FetchLimits,
	{ token, resolver = systemResolver }: { readonly token?: string | undefined; readonly resolver?: Resolver } = {},
): Promise<Uint8Array> {
	const reason = refusalOf(url, allowed);
	if (reason !== undefined) throw new ScrapeRefusal(reason);
	const ask = url.protocol === "https:" ? secureRequest : plainRequest;
	const signal = AbortSignal.timeout(limits.withinMs);
	return new Promise((resolve, reject) => {
		const request = ask(
			url,
			{
				agent: false,
				signal,
				lookup: checkedLookup(url, allowed, resolver),
				headers: {
					accept: ACCEPT,
					"accept-encoding": "gzip",
					"user-agent": "farthing",
					...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
				},
			},
			(response) => {
				const { statusCode = 0 } = response;
				if (statusCode !== 200) {
					response.destroy();
					const follows = statusCode >= 300 && statusCode < 400 ? ", and redirects are not followed" : "";
					reject(new Error(`it answered with status ${statusCode}${follows}`));
					return;
				}
				const isPacked = response.headers["content-encoding"] === "gzip";
				const body = isPacked ? response.pipe(createGunzip()) : response;
				response.on("error", reject);
				const parts: Buffer[] = [];
				let size = 0;
				body.on("data", (part: Buffer) => {
					size += part.length;
					if (size <= limits.maxBytes) parts.push(part);
					else {
						response.destroy();
						reject(new Error(`it sent more than ${limits.maxBytes} bytes`));
					}
				});
				body.on("error", reject);
				body.on("end", () => resolve(Buffer.concat(parts)));
			},
		);
		request.on("error", (error) =>
			reject(signal.aborted ? new Error(`no answer within ${limits.withinMs / 1000} s`) : error),
		);
		request.end();
	});
}

/** Every address of the name must be allowed: one that is not shows a name that leads to several places. */
function checkedLookup(url: URL, allowed: Allowed, resolver: Resolver): LookupFunction {
	const named = isNamed(url, allowed);
	return (_, options, done) => {
		resolver(hostOf(url), (error, addresses) => {
			const [first] = addresses;
			if (error !== null || first === undefined) return done(error ?? new Error("the name has no address"), "", 0);
			for (const { address } of addresses) {
				const reason = addressRefusal(address, allowed, named);
				if (reason !== undefined) return done(new ScrapeRefusal(reason), "", 0);
			}
			if (options.all === true) return done(null, [...addresses]);
			return done(null, first.address, first.family);
		});
	};
}

const systemResolver: Resolver = (host, found) =>
	lookup(host, { all: true, verbatim: true }, (error, addresses) => found(error, addresses ?? []));
