/** Every frontier read at one speed: a question of its own, so that its numbers open into their own trees. */
export { answer } from "./frontier.ts";
