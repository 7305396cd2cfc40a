/** How one replica, or one worker of a disaggregated one, is spread over GPUs. */
export interface ServingLayout {
	/** GPUs of one pipeline stage: tensor-parallel, or data-parallel in attention. */
	readonly tp: number;
	readonly pp: number;
	/** Expert-parallel size: 1 where each GPU holds a slice of every expert. */
	readonly ep: number;
	/** Each GPU attends to its own sequences, and holds attention whole. */
	readonly dpAttention: boolean;
}

export function gpusOf({ tp, pp }: ServingLayout): number {
	return tp * pp;
}
