/** What `farthing report` prints of kept packs. */
import type { InEach } from "@farthing/answers";
import { inLanguage } from "../language.ts";

const en = {
	noMonth: "no month of the ledger is closed yet",
	kept: (period: string) => `${period}  kept before`,
	made: (period: string, before: string | undefined, files: readonly string[]) =>
		`${period}  made, ${before === undefined ? "the first" : `compared with ${before}`}: ${files.join(", ")}`,
};

const zh: typeof en = {
	noMonth: "台账中还没有已结束的月份",
	kept: (period) => `${period}  以前已保存`,
	made: (period, before, files) =>
		`${period}  已生成，${before === undefined ? "为第一份" : `与 ${before} 对照`}：${files.join("，")}`,
};

const inEach: InEach<typeof en> = { en, zh };

export const reportWords: typeof en = inLanguage(inEach);
