// State space by WebGL: tubes, points, and a camera that turns around the middle. Knows nothing of networks.
import * as THREE from "three";

/** A line through given points, for tubes: a ring of the tube at each of them. */
class Polyline extends THREE.Curve {
  constructor(points) {
    super();
    this.points = points;
  }

  getPoint(t, target = new THREE.Vector3()) {
    const last = this.points.length / 3 - 1;
    const at = Math.min(Math.max(t, 0), 1) * last;
    const k = Math.min(Math.floor(at), last - 1);
    const share = at - k;
    const value = (c) => this.points[3 * k + c] * (1 - share) + this.points[3 * k + 3 + c] * share;
    return target.set(value(0), value(1), value(2));
  }

  getPointAt(t, target) {
    return this.getPoint(t, target);
  }
}

const SHAPES = {
  stable: () => new THREE.SphereGeometry(0.03, 20, 14),
  unstable: () => new THREE.OctahedronGeometry(0.038),
  neutral: () => new THREE.SphereGeometry(0.026, 16, 12),
  slow: () => new THREE.BoxGeometry(0.028, 0.028, 0.028),
  // A ring, which is turned to the viewer: a ball would be a fixed point.
  cursor: () => new THREE.TorusGeometry(0.052, 0.012, 10, 32),
};

export class Space3d {
  /** Throws where there is no WebGL. */
  constructor(canvas) {
    this.canvas = canvas;
    // What was drawn stays readable for .png files and for printing.
    this.renderer = new THREE.WebGLRenderer({ canvas, antialias: true, preserveDrawingBuffer: true });
    this.renderer.setPixelRatio(Math.min(2, window.devicePixelRatio || 1));
    this.renderer.setClearColor(0xffffff);
    this.camera = new THREE.PerspectiveCamera(32, 1, 0.05, 100);
    this.scene = new THREE.Scene();
    this.scene.add(new THREE.HemisphereLight(0xffffff, 0xcccccc, 3.3));
    this.content = new THREE.Group();
    this.moving = new THREE.Group();
    this.scene.add(this.content, this.moving);
    this.home();
  }

  /** The camera where it began. */
  home() {
    this.yaw = -0.6;
    this.pitch = 0.42;
    this.distance = 1;
  }

  /** What draws, as the browser tells. */
  get renderedBy() {
    const gl = this.renderer.getContext();
    const info = gl.getExtension("WEBGL_debug_renderer_info");
    return String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  }

  resize(width, height) {
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.size = [width, height];
  }

  static clear(group) {
    for (const child of [...group.children]) {
      child.geometry?.dispose();
      child.material?.dispose();
      group.remove(child);
    }
  }

  /**
   * @param curves [{points, colours, radius}]; lines instead of tubes where radius is 0
   * @param extent half the box's sides
   */
  setContent(curves, markers, extent) {
    Space3d.clear(this.content);
    this.reach = Math.hypot(...extent);
    const grid = new THREE.LineSegments(new THREE.EdgesGeometry(new THREE.BoxGeometry(...extent.map((e) => 2 * e))), new THREE.LineBasicMaterial({ color: 0xd0d0d0 }));
    this.content.add(grid);
    for (const curve of curves) this.content.add(curve.radius > 0 && curve.points.length > 6 ? tube(curve) : thread(curve));
    for (const marker of markers) this.content.add(mesh(marker));
  }

  /** Marks that move with time. */
  setMoving(markers) {
    Space3d.clear(this.moving);
    for (const marker of markers) this.moving.add(mesh(marker));
  }

  render() {
    const { yaw, pitch, distance, camera } = this;
    // The box fits, on a narrow page too.
    const far = distance * this.reach * 3.35 * Math.max(1, 1.2 / camera.aspect);
    camera.position.set(far * Math.cos(pitch) * Math.sin(yaw), far * Math.sin(pitch), far * Math.cos(pitch) * Math.cos(yaw));
    camera.lookAt(0, 0, 0);
    camera.updateProjectionMatrix();
    for (const ring of this.moving.children) ring.quaternion.copy(camera.quaternion);
    this.renderer.render(this.scene, camera);
  }

  /** Where a point is on the canvas, and how far away; null if it is behind the camera. */
  project([x, y, z]) {
    const p = new THREE.Vector3(x, y, z).project(this.camera);
    return p.z > 1 ? null : [((p.x + 1) / 2) * this.size[0], ((1 - p.y) / 2) * this.size[1], p.z];
  }

  dispose() {
    Space3d.clear(this.content);
    Space3d.clear(this.moving);
    this.renderer.dispose();
  }
}

function tube({ points, colours, radius, opacity = 1 }) {
  const rings = points.length / 3;
  const geometry = new THREE.TubeGeometry(new Polyline(points), rings - 1, radius, 6, false);
  const colour = new Float32Array(rings * 7 * 3);
  const c = new THREE.Color();
  for (let k = 0; k < rings; k++) {
    c.set(colours[k]);
    for (let j = 0; j < 7; j++) c.toArray(colour, (k * 7 + j) * 3);
  }
  geometry.setAttribute("color", new THREE.BufferAttribute(colour, 3));
  return new THREE.Mesh(geometry, new THREE.MeshLambertMaterial({ vertexColors: true, transparent: opacity < 1, opacity }));
}

function thread({ points, colours, opacity = 1 }) {
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.BufferAttribute(Float32Array.from(points), 3));
  const colour = new Float32Array(points.length);
  const c = new THREE.Color();
  for (let k = 0; k < points.length / 3; k++) c.set(colours[k]).toArray(colour, k * 3);
  geometry.setAttribute("color", new THREE.BufferAttribute(colour, 3));
  return new THREE.Line(geometry, new THREE.LineBasicMaterial({ vertexColors: true, transparent: opacity < 1, opacity }));
}

function mesh({ at, kind, colour, chosen }) {
  const shape = new THREE.Mesh(SHAPES[kind](), new THREE.MeshLambertMaterial({ color: colour }));
  shape.position.set(...at);
  if (chosen) shape.scale.setScalar(1.6);
  return shape;
}
