"""What MuJoCo says of the arm, and Gymnasium of its pendulum: writes mujoco_arm.json, which test_arm.py reads.

Neither is a requirement of the course. In an environment of its own:

    python -m venv /tmp/referee && /tmp/referee/bin/pip install mujoco==4.0.0 gymnasium==1.4.0
    /tmp/referee/bin/python tests/tasks/mujoco_arm.py
"""

import json
import math
from pathlib import Path

import gymnasium
import mujoco
import numpy as np

XML = """<mujoco><option gravity="0 0 -9.81"/><worldbody>
<body><joint name="shoulder" axis="0 -1 0" damping="{shoulder}"/>
<inertial pos="0.25 0 0" mass="{upper}" diaginertia="1e-9 {upper_inertia} {upper_inertia}"/>
<body pos="0.5 0 0"><joint name="elbow" axis="0 -1 0" damping="{elbow}" stiffness="{spring}" springref="{rest}"/>
<inertial pos="0.25 0 0" mass="{lower}" diaginertia="1e-9 {lower_inertia} {lower_inertia}"/>
<body pos="0.5 0 0"><inertial pos="0 0 0" mass="{payload}" diaginertia="1e-9 1e-9 1e-9"/></body></body></body>
</worldbody><actuator><motor joint="shoulder"/><motor joint="elbow"/></actuator></mujoco>"""
NAMES = ("payload", "upper", "lower", "shoulder", "elbow", "spring")


def case(rng: np.random.Generator, spring: bool) -> dict:
    """An arm, a state, torques, and how MuJoCo says that it accelerates. Springs are relaxed at -1.5 rad."""
    arm = np.round(rng.uniform([0.01, 0.7, 0.7, 0, 0, 0], [2, 1.3, 1.3, 1, 1, 10 * spring]), 3).tolist()
    values = dict(zip(NAMES, arm, strict=True))
    rods = {f"{name}_inertia": values[name] * 0.5**2 / 12 for name in ("upper", "lower")}
    model = mujoco.MjModel.from_xml_string(XML.format(**values, **rods, rest=math.degrees(-1.5)))
    data = mujoco.MjData(model)
    data.qpos[:], data.qvel[:], data.ctrl[:] = (np.round(rng.uniform(-s, s, 2), 3) for s in (2, 4, 15))
    mujoco.mj_forward(model, data)
    return {"arm": [*arm, 0.0], "state": [*data.qpos, *data.qvel], "torques": [*data.ctrl],
            "acceleration": data.qacc.tolist()}  # fmt: skip


def pendulum() -> dict:
    """Fifty steps of Pendulum-v1: angles and speeds `[51, 2]`, and the torques between them."""
    env = gymnasium.make("Pendulum-v1").unwrapped
    env.reset(seed=0)
    env.state = np.array([0.7, -0.3])
    states, torques = [env.state.tolist()], [round(2 * math.sin(t / 5), 3) for t in range(50)]
    for torque in torques:
        env.step(np.array([torque]))
        states.append([float(value) for value in env.state])
    return {"states": states, "torques": torques}


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    found = {"mujoco": mujoco.__version__, "gymnasium": gymnasium.__version__, "xml": XML.split("\n"),
             "cases": [case(rng, i % 2 == 1) for i in range(12)], "pendulum": pendulum()}  # fmt: skip
    text = json.dumps(found).replace('{"arm"', '\n{"arm"').replace('"pendulum"', '\n"pendulum"') + "\n"
    Path(__file__).with_suffix(".json").write_text(text, encoding="utf-8", newline="\n")
