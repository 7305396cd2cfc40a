/** What is scraped, how often, and what may be reached at all: a JSON file that is read once, when the server starts. */
import { z } from "zod";
import { type Allowed, allowedOf, refusalOf } from "./allowed.ts";

export interface ScrapeTarget {
	readonly job: string;
	readonly url: URL;
	readonly everyMs: number;
	readonly withinMs: number;
	/** Whose usage it is; a single user's where absent. */
	readonly tenant?: string;
	/** Name of a variable of the environment that holds a bearer token. */
	readonly tokenVariable?: string;
}

export interface ScrapeConfig {
	readonly targets: readonly ScrapeTarget[];
	readonly allowed: Allowed;
}

export class ScrapeConfigError extends Error {}

const seconds = z.number().min(1).max(3600);
const file = z.strictObject({
	version: z.literal(1),
	/** Hosts, `host:port`, addresses or networks such as 10.0.0.0/8. */
	allow: z.array(z.string().min(1).max(300)).min(1).max(1000),
	scrapes: z
		.array(
			z.strictObject({
				job: z.string().regex(/^[\w.-]{1,100}$/),
				targets: z.array(z.url().max(2000)).min(1).max(1000),
				every_seconds: seconds.default(30),
				within_seconds: seconds.default(10),
				tenant: z
					.string()
					.regex(/^[\w.-]{1,64}$/)
					.optional(),
				token_variable: z
					.string()
					.regex(/^[A-Z][A-Z0-9_]{0,99}$/)
					.optional(),
			}),
		)
		.min(1)
		.max(1000),
});

/** Throws with every fault of the file and the member it stands in, also for targets that could never be reached. */
export function parseScrapeConfig(text: string, name: string): ScrapeConfig {
	let content: unknown;
	try {
		content = JSON.parse(text);
	} catch (error) {
		throw new ScrapeConfigError(`${name} is not JSON: ${(error as Error).message}`);
	}
	const parsed = file.safeParse(content);
	if (!parsed.success) {
		const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "file"}: ${message}`);
		throw new ScrapeConfigError(`${name} is no list of scrapes: ${faults.join("; ")}`);
	}
	const { allow, scrapes } = parsed.data;
	const allowed = allowedOf(allow, (entry) => {
		throw new ScrapeConfigError(`${name}: allow: "${entry}" is no host, address or network such as 10.0.0.0/8`);
	});
	const targets = scrapes.flatMap(
		({ job, targets: urls, every_seconds, within_seconds, tenant, token_variable }, i): ScrapeTarget[] =>
			urls.map((text, j) => {
				const url = new URL(text);
				const reason = refusalOf(url, allowed);
				if (reason !== undefined) throw new ScrapeConfigError(`${name}: scrapes.${i}.targets.${j}: ${reason}`);
				return {
					job,
					url,
					everyMs: every_seconds * 1000,
					withinMs: Math.min(within_seconds, every_seconds) * 1000,
					...(tenant === undefined ? {} : { tenant }),
					...(token_variable === undefined ? {} : { tokenVariable: token_variable }),
				};
			}),
	);
	return { targets, allowed };
}
