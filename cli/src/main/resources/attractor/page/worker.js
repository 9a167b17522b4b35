// Scores a network over many trials beside the page, so that the page answers meanwhile.
import { evaluate } from "attractor/score.js";

self.onmessage = ({ data }) => {
  const { id, net, task, seed, given } = data;
  self.postMessage({ id, scores: evaluate(net, task, seed, given) });
};
