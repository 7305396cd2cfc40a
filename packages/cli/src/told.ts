/** Words that a result carries in English, in the language of what is printed for people. */
import { labelIn } from "@farthing/report/labels";
import { language } from "./language.ts";

/** As it is where nobody has written it in that language. */
export function told(text: string): string {
	return labelIn(language, text);
}
