/** The thread behind `openBookbinder`. */
import { workerData } from "node:worker_threads";
import type { Envelope } from "@farthing/answers";
import type { Report } from "../report-model.ts";
import { answerQuestions } from "../thread.ts";
import { PackBook } from "./pack-workbook.ts";

const book = new PackBook(workerData as Envelope<unknown>);
answerQuestions((report: Report) => book.xlsx(report));
