/**
 * The first script, and a small one: the worker starts and reads its facts while the pages themselves are still on their
 * way.
 */
import { startWorking } from "./engine/client.ts";

startWorking();
void import("./main.tsx").then(({ openPages }) => openPages());
