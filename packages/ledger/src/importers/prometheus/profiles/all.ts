import type { Profile } from "../profile.ts";
import { dynamoFrontend, dynamoRouter } from "./dynamo.ts";
import { llmD } from "./llm-d.ts";
import { sglang } from "./sglang.ts";
import { tensorrtLlm } from "./tensorrt-llm.ts";
import { vllm } from "./vllm.ts";

export const PROFILES: readonly Profile[] = [vllm, sglang, tensorrtLlm, dynamoFrontend, dynamoRouter, llmD];
