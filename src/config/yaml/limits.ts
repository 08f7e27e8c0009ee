/** How much is read as an experiment; a file beyond is refused with a problem. In a file without imports: the editor's start needs them. */

/** Bytes of a file that is read as an experiment. */
export const MAX_BYTES = 1_000_000;

/** Lines of it: a line costs even where it is blank. */
export const MAX_LINES = 20_000;

/**
 * Keys, values and signs of it, each alias counted as all that it stands for: whoever walks an experiment meets no more than
 * this. The largest that is known has 200.
 */
export const MAX_NODES = 10_000;

/** Collections in collections; experiments need four. */
export const MAX_DEPTH = 50;

/** Problems of a file that are told. Nobody reads more, and each costs an editor a place to mark. */
export const MAX_PROBLEMS = 100;
