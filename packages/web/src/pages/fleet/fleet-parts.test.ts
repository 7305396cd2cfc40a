import { expect, test } from "vitest";
import { shownParts } from "./fleet-parts.ts";

test("what a difference leaves of nothing is no part of a bar, what is unknown neither", () => {
	const gpus = (value?: number) => ({ unit: "GPU", ...(value === undefined ? {} : { value }) });
	const parts = [
		{ part: "mean", gpus: gpus(15.4) },
		{ part: "reserve", gpus: gpus(0) },
		{ part: "whole_replicas", gpus: gpus(-1e-14) },
		{ part: "spare", gpus: gpus(4) },
		{ part: "whole_hosts", gpus: gpus() },
	] as const;
	expect(shownParts({ parts }).map(({ part }) => part)).toEqual(["mean", "spare"]);
});
