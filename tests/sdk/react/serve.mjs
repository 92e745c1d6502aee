// The application in Vite's own server: `node serve.mjs CONFIG KEY CACHE` prints the address where it stands. CONFIG is
// the vite.config.js of its developer, KEY the publishable key.
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
    noDiscovery: true, // else a page is loaded anew when another is found
  },
  server: { port: 0, hmr: false, watch: null },
});
await server.listen();
console.log(`http://localhost:${server.httpServer.address().port}`);
