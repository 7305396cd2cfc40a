/** Scrapes at their times: each target by itself, never twice at once, and a failure is counted and tried again. */
import type { Intake } from "../intake.ts";
import type { ScrapeConfig, ScrapeTarget } from "./config.ts";
import { fetchText, type Resolver, ScrapeRefusal } from "./fetch-text.ts";

/** What became of the scrapes of a target. */
export interface ScrapeTally {
	readonly job: string;
	readonly instance: string;
	/** Whose usage it scrapes; a single user's where absent. */
	readonly tenant?: string;
	ok: number;
	failed: number;
	/** Held back since the target may not be reached. */
	refused: number;
	/** Series of the last scrape that worked. */
	series: number;
	/** Lines of it that could not be read. */
	faults: number;
	problem?: string;
}

export interface Schedule {
	readonly tallies: readonly ScrapeTally[];
	/** Resolves when no scrape is under way. */
	stop(): Promise<void>;
}

export interface ScheduleOptions {
	/** Milliseconds since 1970, for samples that say no time. */
	readonly now: () => number;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly resolver?: Resolver;
}

const MAX_BYTES = 64 * 1024 * 1024;

/** Bytes that a target answers with now. Throws as a scrape would fail. */
export async function tryTarget(
	target: ScrapeTarget,
	allowed: ScrapeConfig["allowed"],
	environment: ScheduleOptions["environment"],
): Promise<number> {
	const { url, withinMs, tokenVariable } = target;
	const token = tokenVariable === undefined ? undefined : environment[tokenVariable];
	return (await fetchText(url, allowed, { withinMs, maxBytes: MAX_BYTES }, { token })).length;
}

export function startScrapes(
	{ targets, allowed }: ScrapeConfig,
	intake: Pick<Intake, "scraped">,
	options: ScheduleOptions,
): Schedule {
	const { now, environment, resolver } = options;
	const scrape = async (target: ScrapeTarget, tally: ScrapeTally): Promise<void> => {
		const { url, job, tenant, withinMs, tokenVariable } = target;
		const token = tokenVariable === undefined ? undefined : environment[tokenVariable];
		try {
			const limits = { withinMs, maxBytes: MAX_BYTES };
			const text = await fetchText(url, allowed, limits, { token, ...(resolver === undefined ? {} : { resolver }) });
			const { series, faults } = await intake.scraped(text, { job, instance: url.host }, now(), tenant);
			tally.ok++;
			tally.series = series;
			tally.faults = faults;
			delete tally.problem;
		} catch (error) {
			if (error instanceof ScrapeRefusal) tally.refused++;
			else tally.failed++;
			tally.problem = (error as Error).message;
		}
	};
	const running = targets.map((target) => {
		const tally: ScrapeTally = {
			job: target.job,
			instance: target.url.host,
			...(target.tenant === undefined ? {} : { tenant: target.tenant }),
			ok: 0,
			failed: 0,
			refused: 0,
			series: 0,
			faults: 0,
		};
		let underWay: Promise<void> | undefined;
		const turn = (): void => {
			underWay ??= scrape(target, tally).finally(() => (underWay = undefined));
		};
		turn();
		const timer = setInterval(turn, target.everyMs);
		return {
			tally,
			stop: async () => {
				clearInterval(timer);
				await underWay;
			},
		};
	});
	return {
		tallies: running.map(({ tally }) => tally),
		async stop() {
			await Promise.all(running.map(({ stop }) => stop()));
		},
	};
}
