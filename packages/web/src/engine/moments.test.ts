import type { FleetMoment } from "@farthing/engine";
import { expect, test } from "vitest";
import { momentAt, MomentsKept } from "./moments.ts";

const at = (seconds: number): FleetMoment => ({
	seconds,
	waiting: seconds % 7,
	running: seconds % 5,
	replicas: { busy: 1, warm_idle: 2, starting: 0, draining: 0, failed: 0, off: 0 },
});

test("however long a run is, its moments are few, in order, and the last is its end", () => {
	const kept = new MomentsKept(at(0));
	for (let i = 1; i <= 10_001; i++) kept.add(at(i));
	const moments = kept.moments();
	expect(moments.seconds.length).toBeLessThanOrEqual(1201);
	expect(moments.seconds[0]).toBe(0);
	expect(moments.seconds.at(-1)).toBe(10_001);
	expect([...moments.seconds].sort((a, b) => a - b)).toEqual(moments.seconds);
	moments.seconds.forEach((seconds, i) => expect(moments.waiting[i]).toBe(seconds % 7));
	expect(kept.step).toBeGreaterThan(4);
	const place = momentAt(moments, 5000.5);
	expect(moments.seconds[place]).toBeLessThanOrEqual(5000.5);
	expect(moments.seconds[place + 1]).toBeGreaterThan(5000.5);
	expect(momentAt(moments, -1)).toBe(0);
	expect(momentAt(moments, 1e9)).toBe(moments.seconds.length - 1);
});

test("what happens at one time is told as it ends", () => {
	const kept = new MomentsKept(at(0));
	kept.add({ ...at(3), waiting: 9 });
	kept.add({ ...at(3), waiting: 4 });
	expect(kept.moments()).toMatchObject({ seconds: [0, 3], waiting: [0, 4] });
});
