import { expect, test } from "vitest";
import { sourceOf } from "./picture-font.ts";

test("the file of a font, however its style sheet quotes it", () => {
	expect(sourceOf('url("inter-a1.woff2") format("woff2")')).toBe("inter-a1.woff2");
	expect(sourceOf("url(data:font/woff2;base64,d09GMg==)")).toBe("data:font/woff2;base64,d09GMg==");
	expect(sourceOf("local(Inter)")).toBeUndefined();
});
