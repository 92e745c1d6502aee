// The application in Vite's own server: `node serve.mjs CONFIG KEY CACHE` prints its URL. CONFIG is
// the developer's vite.config.js, KEY the publishable key.
import { createServer } from "vite";

const [configFile, key, cacheDir] = process.argv.slice(2);
const server = await createServer({
  root: import.meta.dirname,
  configFile,
  cacheDir,
  logLevel: "error",
  define: { "import.meta.env.PUBLISHABLE_KEY": JSON.stringify(key) },
  publicDir: "../node_modules/@clerk", // the files that pages load at run time
  optimizeDeps: {
    include: ["@clerk/clerk-react", "@clerk/react", "react", "react/jsx-dev-runtime", "react-dom/client"],
    noDiscovery: true, // else Vite reloads a page when it finds another
  },
  server: { port: 0, hmr: false, watch: null },
});
await server.listen();
console.log(`http://localhost:${server.httpServer.address().port}`);
