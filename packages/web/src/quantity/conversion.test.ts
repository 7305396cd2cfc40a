import type { DollarRate } from "@farthing/answers";
import { expect, test } from "vitest";
import { conversionOf } from "./conversion.ts";

const euro: DollarRate = {
	code: "EUR",
	perDollar: 0.871384,
	date: "2026-03-13",
	ageInDays: 254,
	grade: "B",
	source: { id: "ecb", citation: "reference rates", publisher: "European Central Bank" },
};

test("a rate has the source of the catalogue's only where code, number and day are its own", () => {
	const { code, perDollar, date } = euro;
	expect(conversionOf({ code, perDollar, date }, [euro])).toMatchObject({ rate: euro, grade: "B" });
	for (const other of [{ code: "CHF" }, { perDollar: 0.8 }, { date: "2026-03-14" }]) {
		const typed = conversionOf({ code, perDollar, date, ...other }, [euro]);
		expect(typed).not.toHaveProperty("rate");
		expect(typed?.grade).toBe("E");
	}
	expect(conversionOf(undefined, [euro])).toBeUndefined();
});
