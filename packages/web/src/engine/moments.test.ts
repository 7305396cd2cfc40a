import type { FleetMoment } from "@farthing/engine";
import { expect, test } from "vitest";
import { momentAt, MomentsKept } from "./moments.ts";

const at = (seconds: number): FleetMoment => ({
	seconds,
	waiting: 0,
	running: Math.floor(seconds) % 5,
	replicas: { busy: 1, warm_idle: 2, starting: 0, draining: 0, failed: 0, off: 0 },
});

test("however long a run is, its moments are few, evenly spaced, and the last is its end", () => {
	const kept = new MomentsKept(at(0));
	while (kept.next < 10_001.3) kept.add(at(kept.next));
	kept.end(at(10_001.3));
	const moments = kept.moments();
	expect(moments.seconds.length).toBeLessThanOrEqual(1201);
	expect(moments.seconds.length).toBeGreaterThan(600);
	expect(moments.seconds[0]).toBe(0);
	expect(moments.seconds.at(-1)).toBe(10_001.3);
	moments.seconds.slice(0, -1).forEach((seconds, i) => expect(seconds).toBe(i * kept.step));
	moments.seconds.forEach((seconds, i) => expect(moments.running[i]).toBe(Math.floor(seconds) % 5));
	const place = momentAt(moments, 5000.5);
	expect(moments.seconds[place]).toBeLessThanOrEqual(5000.5);
	expect(moments.seconds[place + 1]).toBeGreaterThan(5000.5);
	expect(momentAt(moments, -1)).toBe(0);
	expect(momentAt(moments, 1e9)).toBe(moments.seconds.length - 1);
});

test("a moment bears the time it was looked at, not that of the event before it", () => {
	const kept = new MomentsKept(at(0));
	kept.add({ ...at(0.1), running: 0 });
	kept.end(at(0.3));
	expect(kept.moments()).toMatchObject({ seconds: [0, 0.25, 0.3], running: [0, 0, 0] });
});

test("nothing is told after the end", () => {
	const kept = new MomentsKept(at(0));
	kept.add(at(0.25));
	kept.add(at(0.5));
	kept.end(at(0.3));
	expect(kept.moments().seconds).toEqual([0, 0.25, 0.3]);
});
