// `node run.mjs invitations.mjs` runs the checks of a file.
import { runAll } from "./harness.mjs";

await import(`./${process.argv[2]}`);
await runAll();
