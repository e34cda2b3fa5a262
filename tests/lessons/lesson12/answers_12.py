# %% acceleration | right | closed form, solve with batched vector
import torch
from course_lib.tasks.arm import energy, gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    k = (arm[..., 2] / 2 + arm[..., 0]) * 0.25
    w1, w2 = state[..., 2], state[..., 3]
    s = k * torch.sin(state[..., 1])
    speed = torch.stack([-s * w2 * (2 * w1 + w2), s * w1 ** 2], -1)
    rest = torques - speed - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), rest.unsqueeze(-1)).squeeze(-1)

# %% acceleration | right | dM/dq2 as a matrix, einsum, 2 x 2 inverse by hand
import torch
from course_lib.tasks.arm import energy, gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    payload, _, lower = arm[..., :3].unbind(-1)
    q2 = state[..., 1]
    w = state[..., 2:]
    k = 0.5 ** 2 * (0.5 * lower + payload)
    pattern = state.new_tensor([[2, 1], [1, 0]])
    dm = -(k * q2.sin())[..., None, None] * pattern
    mdot_w = torch.einsum("...,...ij,...j->...i", w[..., 1], dm, w)
    pull = 0.5 * torch.einsum("...i,...ij,...j->...", w, dm, w)
    rhs = torques - mdot_w - gravity(arm, state) - joints(arm, state)
    rhs = rhs + torch.stack((torch.zeros_like(pull), pull), dim=-1)
    M = mass_matrix(arm, state)
    det = M[..., 0, 0] * M[..., 1, 1] - M[..., 0, 1] ** 2
    a1 = (M[..., 1, 1] * rhs[..., 0] - M[..., 0, 1] * rhs[..., 1]) / det
    a2 = (M[..., 0, 0] * rhs[..., 1] - M[..., 0, 1] * rhs[..., 0]) / det
    return torch.stack((a1, a2), dim=-1)

# %% acceleration | right | autograd through mass_matrix for both terms
import torch
from course_lib.tasks.arm import energy, gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    with torch.enable_grad():
        arm_, st = arm.detach(), state.detach().clone()
        w = st[..., 2:].clone()
        q = st[..., :2].clone().requires_grad_()
        momentum = (mass_matrix(arm_, torch.cat([q, w], -1)) @ w.unsqueeze(-1)).squeeze(-1)
        d1, = torch.autograd.grad(momentum[..., 0].sum(), q, retain_graph=True)
        d2, = torch.autograd.grad(momentum[..., 1].sum(), q, retain_graph=True)
        d_energy, = torch.autograd.grad((momentum * w).sum() / 2, q)
    mdot_w = torch.stack([(d1 * w).sum(-1), (d2 * w).sum(-1)], -1)
    rest = torques - mdot_w + d_energy - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), rest)

# %% acceleration | right | numpy and a loop over all arms
import torch
from course_lib.tasks.arm import energy, gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    import numpy as np
    front = state.shape[:-1]
    M = mass_matrix(arm, state).reshape(-1, 2, 2).detach().numpy().astype(np.float64)
    rest = (torques - gravity(arm, state) - joints(arm, state)).reshape(-1, 2).detach().numpy().astype(np.float64)
    a, s = arm.reshape(-1, 7).detach().numpy(), state.reshape(-1, 4).detach().numpy()
    out = np.zeros((len(s), 2))
    for i in range(len(s)):
        h = (a[i, 2] / 2 + a[i, 0]) * 0.25 * np.sin(s[i, 1])
        w1, w2 = s[i, 2:]
        c = np.array([-h * (2 * w1 * w2 + w2 ** 2), h * w1 ** 2])
        out[i] = np.linalg.solve(M[i], rest[i] - c)
    return torch.from_numpy(out).to(state.dtype).reshape(*front, 2)

# %% acceleration | wrong | M-dot w left out (thinks M is constant in time), only the derivative by the angle | of the two terms with speeds, M' w is missing
import torch
from course_lib.tasks.arm import energy, gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    k = (arm[..., 2] / 2 + arm[..., 0]) * 0.25
    w1, w2 = state[..., 2], state[..., 3]
    half = -k * state[..., 1].sin() * (w1 ** 2 + w1 * w2)
    speed = torch.stack([torch.zeros_like(half), -half], -1)
    rest = torques - speed - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), rest.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | derivative of the kinetic energy by the angle left out (Newton: d/dt of M w only) | only M' w is there
import torch
from course_lib.tasks.arm import energy, gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    k = (arm[..., 2] / 2 + arm[..., 0]) * 0.25
    w1, w2 = state[..., 2], state[..., 3]
    s = k * state[..., 1].sin() * w2
    speed = torch.stack([-s * (2 * w1 + w2), -s * w1], -1)
    rest = torques - speed - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), rest.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | derivative of the cosine without its minus: both speed terms with the wrong sign | the derivative of cos is *minus* sin
import torch
from course_lib.tasks.arm import energy, gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    k = (arm[..., 2] / 2 + arm[..., 0]) * 0.25
    w1, w2 = state[..., 2], state[..., 3]
    s = k * state[..., 1].sin()
    speed = torch.stack([s * w2 * (2 * w1 + w2), -s * w1 ** 2], -1)
    rest = torques - speed - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), rest.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | mass of the upper arm used in k in place of the lower one | k is made of the mass of the upper arm
import torch
from course_lib.tasks.arm import energy, gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    payload, lower = arm[..., 0], arm[..., 1]
    k = (0.5 * lower + payload) * 0.25
    w1, w2 = state[..., 2], state[..., 3]
    s = k * torch.sin(state[..., 1])
    speed = torch.stack([-s * w2 * (2 * w1 + w2), s * w1 ** 2], -1)
    rest = torques - speed - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), rest.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | payload forgotten in k | k lacks the payload
import torch
from course_lib.tasks.arm import energy, gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    k = 0.5 * arm[..., 2] * 0.25
    w1, w2 = state[..., 2], state[..., 3]
    s = k * torch.sin(state[..., 1])
    speed = torch.stack([-s * w2 * (2 * w1 + w2), s * w1 ** 2], -1)
    rest = torques - speed - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), rest.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | chain rule forgotten: M-dot is dM/dq2, not times w2 | In time, q2 changes by w2: multiply it by w2
import torch
from course_lib.tasks.arm import energy, gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    k = (arm[..., 2] / 2 + arm[..., 0]) * 0.25
    w = state[..., 2:]
    s = k * torch.sin(state[..., 1])
    shape = torch.tensor([[2., 1.], [1., 0.]], dtype=state.dtype)
    m_dot = -s[..., None, None] * shape
    mdot_w = (m_dot @ w[..., None])[..., 0]
    q2 = 0.5 * (w[..., None, :] @ m_dot @ w[..., None])[..., 0, 0]
    by_angle = torch.stack([torch.zeros_like(q2), q2], -1)
    rest = torques - mdot_w + by_angle - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), rest.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | the factor one half before the derivative by the angle forgotten | the derivative of w'Mw is taken whole
import torch
from course_lib.tasks.arm import energy, gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    k = (arm[..., 2] / 2 + arm[..., 0]) * 0.25
    w1, w2 = state[..., 2], state[..., 3]
    s = k * state[..., 1].sin()
    mdot_w = torch.stack([-s * w2 * (2 * w1 + w2), -s * w2 * w1], -1)
    by_angle = torch.stack([torch.zeros_like(s), -2 * s * (w1 ** 2 + w1 * w2)], -1)
    rest = torques - mdot_w + by_angle - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), rest.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | derivative by the angle given to the shoulder in place of the elbow | half of the derivative of w'Mw stands in the shoulder's equation
import torch
from course_lib.tasks.arm import energy, gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    k = (arm[..., 2] / 2 + arm[..., 0]) * 0.25
    w1, w2 = state[..., 2], state[..., 3]
    s = k * state[..., 1].sin()
    mdot_w = torch.stack([-s * w2 * (2 * w1 + w2), -s * w2 * w1], -1)
    by_angle = torch.stack([-s * (w1 ** 2 + w1 * w2), torch.zeros_like(s)], -1)
    rest = torques - mdot_w + by_angle - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), rest.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | divides by the diagonal of M: joints do not couple | divided by the diagonal of M. M12 couples them
import torch
from course_lib.tasks.arm import energy, gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    k = (arm[..., 2] / 2 + arm[..., 0]) * 0.25
    w1, w2 = state[..., 2], state[..., 3]
    s = k * torch.sin(state[..., 1])
    speed = torch.stack([-s * w2 * (2 * w1 + w2), s * w1 ** 2], -1)
    rest = torques - speed - gravity(arm, state) - joints(arm, state)
    return rest / mass_matrix(arm, state).diagonal(dim1=-2, dim2=-1)

# %% acceleration | wrong | changes torques in place (-=) | it changes `torques` in place
import torch
from course_lib.tasks.arm import energy, gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    k = (arm[..., 2] / 2 + arm[..., 0]) * 0.25
    w1, w2 = state[..., 2], state[..., 3]
    s = k * torch.sin(state[..., 1])
    torques -= torch.stack([-s * w2 * (2 * w1 + w2), s * w1 ** 2], -1)
    torques -= gravity(arm, state) + joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), torques.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | only for exactly one axis in front | With one axis in front it is right
import torch
from course_lib.tasks.arm import energy, gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    k = (arm[:, 2] / 2 + arm[:, 0]) * 0.25
    q2, w1, w2 = state[:, 1], state[:, 2], state[:, 3]
    s = k * torch.sin(q2)
    speed = torch.stack([-s * w2 * (2 * w1 + w2), s * w1 ** 2], 1)
    rest = torques - speed - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), rest[:, :, None])[:, :, 0]

# %% acceleration | wrong | squeeze() without an axis: one arm with an axis in front loses it | .squeeze() without a number takes away every axis of size 1
import torch
from course_lib.tasks.arm import energy, gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    k = (arm[..., 2] / 2 + arm[..., 0]) * 0.25
    w1, w2 = state[..., 2], state[..., 3]
    s = k * torch.sin(state[..., 1])
    speed = torch.stack([-s * w2 * (2 * w1 + w2), s * w1 ** 2], -1)
    rest = torques - speed - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), rest.unsqueeze(-1)).squeeze()

# %% acceleration | wrong | cos left in the derivative | the terms with speeds hold cos q2. They come from a
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    w1, w2 = state[..., 2], state[..., 3]
    h = (arm[..., 2] / 2 + arm[..., 0]) * 0.25 * torch.cos(state[..., 1])
    swift = torch.stack([-h * (2 * w1 * w2 + w2**2), h * w1**2], -1)
    left = torques - swift - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), left.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | takes the state apart along the first axis | A tensor is taken apart along its first axis
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    q1, q2, w1, w2 = state
    h = (arm[..., 2] / 2 + arm[..., 0]) * 0.25 * torch.sin(q2)
    swift = torch.stack([-h * (2 * w1 * w2 + w2**2), h * w1**2], -1)
    left = torques - swift - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), left.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | friction by hand, no spring | friction is all that acts in the joints here. Take
import torch
from course_lib.tasks.arm import gravity, mass_matrix

def acceleration(arm, state, torques):
    w = state[..., 2:]
    h = (arm[..., 2] / 2 + arm[..., 0]) * 0.25 * torch.sin(state[..., 1])
    swift = torch.stack([-h * (2 * w[..., 0] * w[..., 1] + w[..., 1] ** 2), h * w[..., 0] ** 2], -1)
    left = torques - swift - gravity(arm, state) - arm[..., 3:5] * w
    return torch.linalg.solve(mass_matrix(arm, state), left.unsqueeze(-1)).squeeze(-1)

# %% least_squares_with_prior | right | multiplied by C, solve, double inside
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    X, y = rows.flatten(1, 2).double(), torques.flatten(1, 2).unsqueeze(-1).double()
    mu, C = mean.double(), covariance.double()
    A = torch.eye(len(mu), dtype=torch.float64) + C @ X.mT @ X / noise ** 2
    b = C @ X.mT @ y / noise ** 2 + mu.unsqueeze(-1)
    return torch.linalg.solve(A, b).squeeze(-1).to(rows.dtype)

# %% least_squares_with_prior | right | Kalman form (matrix of the torques), plain dtype of rows
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    X = rows.flatten(1, 2)
    error = torques.flatten(1, 2) - X @ mean
    S = X @ covariance @ X.mT + noise ** 2 * torch.eye(X.shape[1], dtype=X.dtype)
    gain = torch.linalg.solve(S, error.unsqueeze(-1))
    return mean + (covariance @ X.mT @ gain).squeeze(-1)

# %% least_squares_with_prior | right | numpy, recursively one torque after the other
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    import numpy as np
    tasks, n, joints_, u = rows.shape
    X = rows.detach().numpy().astype(np.float64).reshape(tasks, n * joints_, u)
    y = torques.detach().numpy().astype(np.float64).reshape(tasks, n * joints_)
    out = np.empty((tasks, u))
    for t in range(tasks):
        m, C = mean.detach().numpy().astype(np.float64), covariance.detach().numpy().astype(np.float64)
        for x, value in zip(X[t], y[t]):
            g = C @ x / (x @ C @ x + float(noise) ** 2)
            m, C = m + g * (value - x @ m), C - np.outer(g, x @ C)
        out[t] = m
    return torch.from_numpy(out).to(rows.dtype)

# %% least_squares_with_prior | right | square root of C by eigenvectors: ordinary ridge in whitened numbers
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    values, vectors = torch.linalg.eigh(covariance.double())
    root = vectors * values.clamp_min(0).sqrt()
    X = torch.einsum("tnju,uv->tnjv", rows.double(), root).flatten(1, 2)
    e = (torques.double() - torch.einsum("tnju,u->tnj", rows.double(), mean.double())).flatten(1, 2)
    A = torch.einsum("tnu,tnv->tuv", X, X) + noise ** 2 * torch.eye(len(mean), dtype=torch.float64)
    z = torch.linalg.solve(A, torch.einsum("tnu,tn->tu", X, e).unsqueeze(-1)).squeeze(-1)
    return (mean.double() + z @ root.T).to(rows.dtype)

# %% least_squares_with_prior | right | plain formula in the dtype of rows, no float64
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    X, y = rows.flatten(1, 2), torques.flatten(1, 2).unsqueeze(-1)
    H, b = X.mT @ X / noise ** 2, X.mT @ (y - X @ mean.unsqueeze(-1)) / noise ** 2
    eye = torch.eye(len(mean), dtype=rows.dtype)
    return mean + torch.linalg.solve(eye + covariance @ H, covariance @ b).squeeze(-1)

# %% least_squares_with_prior | wrong | inverse of the covariance (it has none) | so that no inverse is left in it
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    tasks, unknowns = rows.shape[0], rows.shape[-1]
    X, y = rows.reshape(tasks, -1, unknowns), torques.reshape(tasks, -1, 1)
    P = torch.linalg.inv(covariance)
    H = X.transpose(1, 2) @ X / noise ** 2
    b = X.transpose(1, 2) @ y / noise ** 2
    return torch.linalg.solve(H + P, b + (P @ mean).unsqueeze(-1)).squeeze(-1)

# %% least_squares_with_prior | wrong | pseudo-inverse of the covariance: the directions in which arms never vary become free | pinv gives what never varies the precision 0
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    tasks, unknowns = rows.shape[0], rows.shape[-1]
    X, y = rows.flatten(1, 2), torques.flatten(1, 2).unsqueeze(-1)
    P = torch.linalg.pinv(covariance)
    A = X.transpose(1, 2) @ X / noise ** 2 + P
    b = X.transpose(1, 2) @ y / noise ** 2 + (P @ mean).unsqueeze(-1)
    return (torch.linalg.pinv(A) @ b).squeeze(-1)

# %% least_squares_with_prior | wrong | 1e-3 added to the diagonal of the covariance so that it has an inverse | 0.001 is added to the covariance's diagonal
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    X, y = rows.flatten(1, 2), torques.flatten(1, 2).unsqueeze(-1)
    P = torch.linalg.inv(covariance + 1e-3 * torch.eye(len(mean), dtype=covariance.dtype))
    A = X.mT @ X / noise ** 2 + P
    b = X.mT @ y / noise ** 2 + (P @ mean).unsqueeze(-1)
    return torch.linalg.solve(A, b).squeeze(-1)

# %% least_squares_with_prior | wrong | noise not squared: standard deviation taken for variance | noise is a standard deviation: its square is what counts
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    X, y = rows.flatten(1, 2), torques.flatten(1, 2).unsqueeze(-1)
    H, b = X.mT @ X / noise, X.mT @ (y - X @ mean.unsqueeze(-1)) / noise
    eye = torch.eye(len(mean), dtype=rows.dtype)
    return mean + torch.linalg.solve(eye + covariance @ H, covariance @ b).squeeze(-1)

# %% least_squares_with_prior | wrong | mean added at the end, but the torques it explains were not taken off | the mean is added in the end, but it was not taken off before
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    X, y = rows.flatten(1, 2), torques.flatten(1, 2).unsqueeze(-1)
    H, b = X.mT @ X / noise ** 2, X.mT @ y / noise ** 2
    eye = torch.eye(len(mean), dtype=rows.dtype)
    return mean + torch.linalg.solve(eye + covariance @ H, covariance @ b).squeeze(-1)

# %% least_squares_with_prior | wrong | multiplied by C from the right: H C in place of C H | C stands on the wrong side of rows'rows
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    X, y = rows.flatten(1, 2), torques.flatten(1, 2).unsqueeze(-1)
    H, b = X.mT @ X / noise ** 2, X.mT @ (y - X @ mean.unsqueeze(-1)) / noise ** 2
    eye = torch.eye(len(mean), dtype=rows.dtype)
    return mean + torch.linalg.solve(eye + H @ covariance, covariance @ b).squeeze(-1)

# %% least_squares_with_prior | wrong | multiplied by C only on the left side of the equation | multiplied by C, and rows'torques is not
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    X, y = rows.flatten(1, 2), torques.flatten(1, 2).unsqueeze(-1)
    H, b = X.mT @ X / noise ** 2, X.mT @ y / noise ** 2
    eye = torch.eye(len(mean), dtype=rows.dtype)
    return torch.linalg.solve(eye + covariance @ H, b + mean.unsqueeze(-1)).squeeze(-1)

# %% least_squares_with_prior | wrong | rows and torques flattened in different orders (joint first, moment first) | rows and torques are in another order each
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    X = torch.cat([rows[:, :, 0], rows[:, :, 1]], 1)
    y = torques.flatten(1, 2).unsqueeze(-1)
    H, b = X.mT @ X / noise ** 2, X.mT @ (y - X @ mean.unsqueeze(-1)) / noise ** 2
    eye = torch.eye(len(mean), dtype=rows.dtype)
    return mean + torch.linalg.solve(eye + covariance @ H, covariance @ b).squeeze(-1)

# %% least_squares_with_prior | wrong | only the variances: off the diagonal the covariance is thrown away | only the diagonal of the covariance is used
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    C = torch.diag(torch.diag(covariance))
    X, y = rows.flatten(1, 2), torques.flatten(1, 2).unsqueeze(-1)
    H, b = X.mT @ X / noise ** 2, X.mT @ (y - X @ mean.unsqueeze(-1)) / noise ** 2
    eye = torch.eye(len(mean), dtype=rows.dtype)
    return mean + torch.linalg.solve(eye + C @ H, C @ b).squeeze(-1)

# %% least_squares_with_prior | wrong | zeros for n = 0 | Nothing was measured, so every task has the mean
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    if rows.shape[1] == 0:
        return torch.zeros(rows.shape[0], rows.shape[-1], dtype=rows.dtype)
    X, y = rows.flatten(1, 2), torques.flatten(1, 2).unsqueeze(-1)
    H, b = X.mT @ X / noise ** 2, X.mT @ (y - X @ mean.unsqueeze(-1)) / noise ** 2
    eye = torch.eye(len(mean), dtype=rows.dtype)
    return mean + torch.linalg.solve(eye + covariance @ H, covariance @ b).squeeze(-1)

# %% least_squares_with_prior | wrong | computes in float64 and forgets to go back | for rows of torch.float32 it returns torch.float64
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    X, y = rows.flatten(1, 2).double(), torques.flatten(1, 2).unsqueeze(-1).double()
    mean, C = mean.double(), covariance.double()
    H, b = X.mT @ X / noise ** 2, X.mT @ (y - X @ mean.unsqueeze(-1)) / noise ** 2
    return mean + torch.linalg.solve(torch.eye(len(mean)).double() + C @ H, C @ b).squeeze(-1)

# %% least_squares_with_prior | wrong | lesson 09's ridge: prior noise^2 times the identity around the mean, covariance unused | as if there were no covariance
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    X, y = rows.flatten(1, 2), torques.flatten(1, 2).unsqueeze(-1)
    eye = torch.eye(len(mean), dtype=rows.dtype)
    step = torch.linalg.solve(X.mT @ X + noise ** 2 * eye, X.mT @ (y - X @ mean.unsqueeze(-1)))
    return mean + step.squeeze(-1)

# %% least_squares_with_prior | wrong | squeeze() without an axis: one task loses its axis | That is for a single arm
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    X, y = rows.flatten(1, 2), torques.flatten(1, 2).unsqueeze(-1)
    H, b = X.mT @ X / noise ** 2, X.mT @ (y - X @ mean.unsqueeze(-1)) / noise ** 2
    eye = torch.eye(len(mean), dtype=rows.dtype)
    return (mean.unsqueeze(-1) + torch.linalg.solve(eye + covariance @ H, covariance @ b)).squeeze()

# %% least_squares_with_prior | wrong | identity in float32 | the numbers are nearly right: they were computed in float32
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    R, y = rows.flatten(1, 2).float(), torques.flatten(1).float()
    mean, covariance = mean.float(), covariance.float()
    left = covariance @ (R.mT @ R) + noise**2 * torch.eye(len(mean))
    return mean + torch.linalg.solve(left, covariance @ (R.mT @ (y - R @ mean).unsqueeze(-1))).squeeze(-1)

# %% ridge_head | right | normal equations
import torch

def ridge_head(features, targets, mean, precision):
    A = features.mT @ features + torch.diag(precision)
    return torch.linalg.solve(A, features.mT @ targets + precision.unsqueeze(-1) * mean)

# %% ridge_head | right | n by n form with residual
import torch

def ridge_head(features, targets, mean, precision):
    scaled = features / precision
    K = scaled @ features.mT + torch.eye(features.shape[1], dtype=features.dtype, device=features.device)
    return mean + scaled.mT @ torch.linalg.solve(K, targets - features @ mean)

# %% ridge_head | right | loop over tasks, extra rows sqrt(precision), QR
import torch

def ridge_head(features, targets, mean, precision):
    root = precision.sqrt()
    out = []
    for F, Y in zip(features, targets):
        A = torch.cat([F, torch.diag(root)])
        B = torch.cat([Y, root[:, None] * mean])
        Q, R = torch.linalg.qr(A)
        out.append(torch.linalg.solve_triangular(R, Q.T @ B, upper=True))
    return torch.stack(out)

# %% ridge_head | right | einsum, Cholesky in float64, shortcut for n = 0
import torch

def ridge_head(features, targets, mean, precision):
    tasks, n, k = features.shape
    if n == 0:
        return mean.unsqueeze(0).repeat(tasks, 1, 1).to(features.dtype)
    F, Y, m, p = features.double(), targets.double(), mean.double(), precision.double()
    A = torch.einsum("tni,tnj->tij", F, F) + p.diag_embed()
    b = torch.einsum("tni,tno->tio", F, Y - torch.einsum("tni,io->tno", F, m))
    return (m + torch.cholesky_solve(b, torch.linalg.cholesky(A))).to(features.dtype)

# %% ridge_head | right | extra rows and pinv
import torch

def ridge_head(features, targets, mean, precision):
    root = precision.sqrt()
    A = torch.cat([features, torch.diag(root).expand(len(features), -1, -1)], 1)
    B = torch.cat([targets, (root[:, None] * mean).expand(len(features), -1, -1)], 1)
    return torch.linalg.pinv(A) @ B

# %% ridge_head | wrong | mean on the right side without its precision | on the right side, the mean lacks the precision
import torch

def ridge_head(features, targets, mean, precision):
    A = features.mT @ features + torch.diag(precision)
    return torch.linalg.solve(A, features.mT @ targets + mean)

# %% ridge_head | wrong | precision added to the whole matrix, not its diagonal | the precision is added to every row of F'F
import torch

def ridge_head(features, targets, mean, precision):
    A = features.mT @ features + precision
    return torch.linalg.solve(A, features.mT @ targets + precision.unsqueeze(-1) * mean)

# %% ridge_head | wrong | one precision for all features: their average | by the mean of the precisions
import torch

def ridge_head(features, targets, mean, precision):
    lam = precision.mean()
    A = features.mT @ features + lam * torch.eye(len(precision), dtype=features.dtype)
    return torch.linalg.solve(A, features.mT @ targets + lam * mean)

# %% ridge_head | wrong | precision taken for a variance: 1 / precision on the diagonal | the precision is turned over
import torch

def ridge_head(features, targets, mean, precision):
    lam = 1 / precision
    A = features.mT @ features + torch.diag(lam)
    return torch.linalg.solve(A, features.mT @ targets + lam.unsqueeze(-1) * mean)

# %% ridge_head | wrong | returns the answers for the support, not the weights | these are answers at the support points
import torch

def ridge_head(features, targets, mean, precision):
    A = features.mT @ features + torch.diag(precision)
    return features @ torch.linalg.solve(A, features.mT @ targets + precision.unsqueeze(-1) * mean)

# %% ridge_head | wrong | no_grad: nothing can be meta-learned | no gradient comes back through them
import torch

def ridge_head(features, targets, mean, precision):
    with torch.no_grad():
        A = features.mT @ features + torch.diag(precision)
        return torch.linalg.solve(A, features.mT @ targets + precision.unsqueeze(-1) * mean)

# %% ridge_head | wrong | the gradient to precision alone is cut (.data) | no gradient comes back to `precision`
import torch

def ridge_head(features, targets, mean, precision):
    lam = precision.data
    A = features.mT @ features + torch.diag(lam)
    return torch.linalg.solve(A, features.mT @ targets + lam.unsqueeze(-1) * mean)

# %% ridge_head | wrong | n = 0: the mean without the task axis | Nothing was seen, so every task has the mean
import torch

def ridge_head(features, targets, mean, precision):
    if features.shape[1] == 0:
        return mean
    A = features.mT @ features + torch.diag(precision)
    return torch.linalg.solve(A, features.mT @ targets + precision.unsqueeze(-1) * mean)

# %% ridge_head | wrong | float64 comes back for float32 | for features of torch.float32 it returns torch.float64
import torch

def ridge_head(features, targets, mean, precision):
    F, Y, m, p = (v.double() for v in (features, targets, mean, precision))
    return torch.linalg.solve(F.mT @ F + torch.diag(p), F.mT @ Y + p[:, None] * m)

# %% ridge_head | wrong | least squares without prior where there are enough rows, the prior only for n < k | with as many points as features, or more, mean and precision are not used
import torch

def ridge_head(features, targets, mean, precision):
    A = features.mT @ features
    if features.shape[1] >= features.shape[2]:
        return torch.linalg.solve(A, features.mT @ targets)
    return torch.linalg.solve(A + torch.diag(precision), features.mT @ targets + precision.unsqueeze(-1) * mean)

# %% ridge_head | wrong | small form with precision in place of 1 / precision | the precision is turned over
import torch

def ridge_head(features, targets, mean, precision):
    K = (features * precision) @ features.mT + torch.eye(features.shape[1], dtype=features.dtype)
    alpha = torch.linalg.solve(K, targets - features @ mean)
    return mean + precision[:, None] * (features.mT @ alpha)

# %% ridge_head | wrong | mean times precision along the wrong axis (outputs), for as many outputs as it fits | the precisions go along the outputs
import torch

def ridge_head(features, targets, mean, precision):
    A = features.mT @ features + torch.diag(precision)
    pull = mean * precision[:mean.shape[1]]
    return torch.linalg.solve(A, features.mT @ targets + pull)

# %% computed_torque | right | plain
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration,
                    stiffness=60.0, damping=12.0):
    e, e_dot = wanted_position - state[:, :2], wanted_velocity - state[:, 2:]
    return inverse(state, wanted_acceleration + damping * e_dot + stiffness * e)

# %% computed_torque | right | loop over arms and joints for the acceleration, one call
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration,
                    stiffness=60.0, damping=12.0):
    a = torch.zeros(state.shape[0], 2, dtype=state.dtype)
    for i in range(state.shape[0]):
        for j in range(2):
            e = wanted_position[j] - state[i, j]
            rate = wanted_velocity[j] - state[i, 2 + j]
            a[i, j] = wanted_acceleration[j] + damping * rate + stiffness * e
    return inverse(state, a)

# %% computed_torque | right | as a matrix of gains on the whole state error
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration,
                    stiffness=60.0, damping=12.0):
    error = torch.cat([wanted_position, wanted_velocity]) - state
    eye = torch.eye(2, dtype=state.dtype)
    gain = torch.cat([stiffness * eye, damping * eye])
    return inverse(state, torch.addmm(wanted_acceleration, error, gain))

# %% computed_torque | right | numpy inside, other signature of state taken apart
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration,
                    stiffness=60.0, damping=12.0):
    import numpy as np
    q, w = np.split(state.detach().cpu().numpy(), 2, axis=1)
    p, v, a = (np.asarray(z) for z in (wanted_position, wanted_velocity, wanted_acceleration))
    ask = a - (-damping * (v - w) - stiffness * (p - q))
    return inverse(state, torch.as_tensor(ask, dtype=state.dtype))

# %% computed_torque | wrong | solved for the wrong sign of the bracket: wanted minus the correction | the corrections have the wrong sign
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration,
                    stiffness=60.0, damping=12.0):
    e, e_dot = wanted_position - state[:, :2], wanted_velocity - state[:, 2:]
    return inverse(state, wanted_acceleration - damping * e_dot - stiffness * e)

# %% computed_torque | wrong | correction added to the torques, outside the model | the corrections are added to the *torques*
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration,
                    stiffness=60.0, damping=12.0):
    e, e_dot = wanted_position - state[:, :2], wanted_velocity - state[:, 2:]
    return inverse(state, wanted_acceleration.expand(len(state), 2)) + damping * e_dot + stiffness * e

# %% computed_torque | wrong | the wanted acceleration forgotten | the wanted acceleration is missing
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration,
                    stiffness=60.0, damping=12.0):
    e, e_dot = wanted_position - state[:, :2], wanted_velocity - state[:, 2:]
    return inverse(state, damping * e_dot + stiffness * e)

# %% computed_torque | wrong | brakes the arm's speed itself, not the error's speed | the brake is on the speed itself
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration,
                    stiffness=60.0, damping=12.0):
    e = wanted_position - state[:, :2]
    return inverse(state, wanted_acceleration - damping * state[:, 2:] + stiffness * e)

# %% computed_torque | wrong | one call of the model for each arm | the model is asked 3 times
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration,
                    stiffness=60.0, damping=12.0):
    out = []
    for i in range(len(state)):
        e, e_dot = wanted_position - state[i:i + 1, :2], wanted_velocity - state[i:i + 1, 2:]
        out.append(inverse(state[i:i + 1], wanted_acceleration + damping * e_dot + stiffness * e))
    return torch.cat(out)

# %% computed_torque | wrong | model called twice: feed-forward plus what the correction adds | the model is asked 2 times
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration,
                    stiffness=60.0, damping=12.0):
    e, e_dot = wanted_position - state[:, :2], wanted_velocity - state[:, 2:]
    forward = wanted_acceleration + torch.zeros_like(e)
    base = inverse(state, forward)
    return base + (inverse(state, forward + damping * e_dot + stiffness * e) - base)

# %% computed_torque | wrong | the model asked in the wanted state, not where the arm is | the model is asked at the state where the arm *should* be
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration,
                    stiffness=60.0, damping=12.0):
    e, e_dot = wanted_position - state[:, :2], wanted_velocity - state[:, 2:]
    wanted = torch.cat([wanted_position, wanted_velocity]).expand(len(state), 4)
    return inverse(wanted, wanted_acceleration + damping * e_dot + stiffness * e)

# %% computed_torque | wrong | state read as (q1, w1, q2, w2) | two angles, then two speeds
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration,
                    stiffness=60.0, damping=12.0):
    q, w = state[:, [0, 2]], state[:, [1, 3]]
    return inverse(state, wanted_acceleration + damping * (wanted_velocity - w) + stiffness * (wanted_position - q))

# %% computed_torque | wrong | arguments of the model exchanged | the model is asked with its two arguments exchanged
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration,
                    stiffness=60.0, damping=12.0):
    e, e_dot = wanted_position - state[:, :2], wanted_velocity - state[:, 2:]
    return inverse(wanted_acceleration + damping * e_dot + stiffness * e, state)

# %% computed_torque | wrong | elbow's error in the angle from the horizontal (q1 + q2) | its angle from the *horizontal*, q1 + q2
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration,
                    stiffness=60.0, damping=12.0):
    e = wanted_position.cumsum(0) - state[:, :2].cumsum(1)
    e_dot = wanted_velocity.cumsum(0) - state[:, 2:].cumsum(1)
    return inverse(state, wanted_acceleration + damping * e_dot + stiffness * e)

# %% computed_torque | wrong | acceleration not per arm: wanted [2] plus a correction summed over joints | are made one number, their length
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration,
                    stiffness=60.0, damping=12.0):
    e = (wanted_position - state[:, :2]).norm(dim=1, keepdim=True)
    e_dot = (wanted_velocity - state[:, 2:]).norm(dim=1, keepdim=True)
    return inverse(state, wanted_acceleration + damping * e_dot + stiffness * e)

# %% computed_torque | wrong | no defaults for stiffness and damping | missing 2 required positional arguments
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, stiffness, damping):
    e, e_dot = wanted_position - state[:, :2], wanted_velocity - state[:, 2:]
    return inverse(state, wanted_acceleration + damping * e_dot + stiffness * e)

# %% computed_torque | wrong | other names of the gains | the numbers are right, but the lesson calls it with
def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, kp=60.0, kd=12.0):
    e, de = wanted_position - state[:, :2], wanted_velocity - state[:, 2:]
    return inverse(state, wanted_acceleration + kd * de + kp * e)

# %% another_swing | right | loop with randperm
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = x.shape[:3]
    sx, sy, qx, qy = [], [], [], []
    for _ in range(n_tasks):
        arm = torch.randint(arms, (1,), generator=generator).item()
        first, other = torch.randperm(swings, generator=generator)[:2].tolist()
        start = torch.randint(moments - n_support + 1, (1,), generator=generator).item()
        piece = torch.arange(start, start + n_support)
        asked = torch.randperm(moments, generator=generator)[:n_query]
        sx.append(x[arm, first, piece])
        sy.append(y[arm, first, piece])
        qx.append(x[arm, other, asked])
        qy.append(y[arm, other, asked])
    return Episode(torch.stack(sx), torch.stack(sy), torch.stack(qx), torch.stack(qy))

# %% another_swing | right | without a loop: argsort of random numbers, indexing
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = x.shape[:3]
    arm = torch.randint(0, arms, (n_tasks, 1), generator=generator)
    first = torch.randint(0, swings, (n_tasks, 1), generator=generator)
    other = (first + torch.randint(1, swings, (n_tasks, 1), generator=generator)) % swings
    start = torch.randint(0, moments - n_support + 1, (n_tasks, 1), generator=generator)
    s = start + torch.arange(n_support)
    q = torch.rand(n_tasks, moments, generator=generator).argsort(1)[:, :n_query]
    return Episode(support_x=x[arm, first, s], support_y=y[arm, first, s],
                   query_x=x[arm, other, q], query_y=y[arm, other, q])

# %% another_swing | right | rejection until the swing is another one, multinomial for the moments, sorted
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    def draw(high):
        return int(torch.randint(high, (), generator=generator))
    parts = []
    for _ in range(n_tasks):
        a, s = draw(x.shape[0]), draw(x.shape[1])
        o = s
        while o == s:
            o = draw(x.shape[1])
        b = draw(x.shape[2] - n_support + 1)
        q, _order = torch.multinomial(torch.ones(x.shape[2]), n_query, generator=generator).sort()
        parts.append((x[a, s, b:b + n_support], y[a, s, b:b + n_support], x[a, o][q], y[a, o][q]))
    return Episode(*(torch.stack(p) for p in zip(*parts)))

# %% another_swing | right | numpy with a seed drawn from the generator
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    import numpy as np
    rng = np.random.default_rng(torch.randint(2 ** 62, (1,), generator=generator).item())
    out = [[], [], [], []]
    for _ in range(n_tasks):
        a = rng.integers(x.shape[0])
        s, o = rng.choice(x.shape[1], 2, replace=False)
        b = rng.integers(x.shape[2] - n_support + 1)
        q = torch.as_tensor(rng.permutation(x.shape[2])[:n_query])
        for place, value in zip(out, (x[a, s, b:b + n_support], y[a, s, b:b + n_support], x[a, o, q], y[a, o, q])):
            place.append(value)
    return Episode(*map(torch.stack, out))

# %% another_swing | right | unfold for the pieces, other swing as the last one when it coincides
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments, _ = x.shape
    px, py = x.unfold(2, n_support, 1), y.unfold(2, n_support, 1)
    sx, sy, qx, qy = [], [], [], []
    for arm in torch.randint(arms, (n_tasks,), generator=generator):
        first = torch.randint(swings, (), generator=generator)
        other = torch.randint(swings - 1, (), generator=generator)
        if other == first:
            other = torch.tensor(swings - 1)
        start = torch.randint(px.shape[2], (), generator=generator)
        q = torch.randperm(moments, generator=generator)[:n_query]
        sx.append(px[arm, first, start].T), sy.append(py[arm, first, start].T)
        qx.append(x[arm, other].index_select(0, q)), qy.append(y[arm, other].index_select(0, q))
    return Episode(torch.stack(sx), torch.stack(sy), torch.stack(qx), torch.stack(qy))

# %% another_swing | wrong | queries are the next moments of the same swing, wrapped around | the queries come from the swing that was seen
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = x.shape[:3]
    sx, sy, qx, qy = [], [], [], []
    for _ in range(n_tasks):
        arm = torch.randint(arms, (1,), generator=generator).item()
        first, other = torch.randperm(swings, generator=generator)[:2].tolist()
        start = torch.randint(moments - n_support + 1, (1,), generator=generator).item()
        piece = torch.arange(start, start + n_support)
        asked = (start + n_support + torch.arange(n_query)) % moments
        sx.append(x[arm, first, piece])
        sy.append(y[arm, first, piece])
        qx.append(x[arm, first, asked])
        qy.append(y[arm, first, asked])
    return Episode(torch.stack(sx), torch.stack(sy), torch.stack(qx), torch.stack(qy))

# %% another_swing | wrong | other swing drawn freely: sometimes the same | the two are drawn without looking at each other
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = x.shape[:3]
    sx, sy, qx, qy = [], [], [], []
    for _ in range(n_tasks):
        arm = torch.randint(arms, (1,), generator=generator).item()
        first, other = torch.randint(swings, (2,), generator=generator).tolist()
        start = torch.randint(moments - n_support + 1, (1,), generator=generator).item()
        piece = torch.arange(start, start + n_support)
        asked = torch.randperm(moments, generator=generator)[:n_query]
        sx.append(x[arm, first, piece])
        sy.append(y[arm, first, piece])
        qx.append(x[arm, other, asked])
        qy.append(y[arm, other, asked])
    return Episode(torch.stack(sx), torch.stack(sy), torch.stack(qx), torch.stack(qy))

# %% another_swing | wrong | arms without repetition: randperm | Arms may come more than once
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = x.shape[:3]
    sx, sy, qx, qy = [], [], [], []
    for arm in torch.randperm(arms, generator=generator)[:n_tasks].tolist():
        first, other = torch.randperm(swings, generator=generator)[:2].tolist()
        start = torch.randint(moments - n_support + 1, (1,), generator=generator).item()
        piece = torch.arange(start, start + n_support)
        asked = torch.randperm(moments, generator=generator)[:n_query]
        sx.append(x[arm, first, piece])
        sy.append(y[arm, first, piece])
        qx.append(x[arm, other, asked])
        qy.append(y[arm, other, asked])
    return Episode(torch.stack(sx), torch.stack(sy), torch.stack(qx), torch.stack(qy))

# %% another_swing | wrong | off by one: last start never drawn (and none when n_support = moments) | torch.randint leaves out its upper end
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = x.shape[:3]
    sx, sy, qx, qy = [], [], [], []
    for _ in range(n_tasks):
        arm = torch.randint(arms, (1,), generator=generator).item()
        first, other = torch.randperm(swings, generator=generator)[:2].tolist()
        start = torch.randint(max(moments - n_support, 1), (1,), generator=generator).item()
        piece = torch.arange(start, start + n_support)
        asked = torch.randperm(moments, generator=generator)[:n_query]
        sx.append(x[arm, first, piece])
        sy.append(y[arm, first, piece])
        qx.append(x[arm, other, asked])
        qy.append(y[arm, other, asked])
    return Episode(torch.stack(sx), torch.stack(sy), torch.stack(qx), torch.stack(qy))

# %% another_swing | wrong | query moments with repetition | a task has the same query twice
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = x.shape[:3]
    sx, sy, qx, qy = [], [], [], []
    for _ in range(n_tasks):
        arm = torch.randint(arms, (1,), generator=generator).item()
        first, other = torch.randperm(swings, generator=generator)[:2].tolist()
        start = torch.randint(moments - n_support + 1, (1,), generator=generator).item()
        piece = torch.arange(start, start + n_support)
        asked = torch.randint(moments, (n_query,), generator=generator)
        sx.append(x[arm, first, piece])
        sy.append(y[arm, first, piece])
        qx.append(x[arm, other, asked])
        qy.append(y[arm, other, asked])
    return Episode(torch.stack(sx), torch.stack(sy), torch.stack(qx), torch.stack(qy))

# %% another_swing | wrong | one draw without the generator (query moments) | these are not drawn from `generator`
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = x.shape[:3]
    sx, sy, qx, qy = [], [], [], []
    for _ in range(n_tasks):
        arm = torch.randint(arms, (1,), generator=generator).item()
        first, other = torch.randperm(swings, generator=generator)[:2].tolist()
        start = torch.randint(moments - n_support + 1, (1,), generator=generator).item()
        piece = torch.arange(start, start + n_support)
        asked = torch.randperm(moments)[:n_query]
        sx.append(x[arm, first, piece])
        sy.append(y[arm, first, piece])
        qx.append(x[arm, other, asked])
        qy.append(y[arm, other, asked])
    return Episode(torch.stack(sx), torch.stack(sy), torch.stack(qx), torch.stack(qy))

# %% another_swing | wrong | other swing is always the next one | the second one follows from the first
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = x.shape[:3]
    sx, sy, qx, qy = [], [], [], []
    for _ in range(n_tasks):
        arm = torch.randint(arms, (1,), generator=generator).item()
        first = torch.randint(swings, (1,), generator=generator).item()
        other = (first + 1) % swings
        start = torch.randint(moments - n_support + 1, (1,), generator=generator).item()
        piece = torch.arange(start, start + n_support)
        asked = torch.randperm(moments, generator=generator)[:n_query]
        sx.append(x[arm, first, piece])
        sy.append(y[arm, first, piece])
        qx.append(x[arm, other, asked])
        qy.append(y[arm, other, asked])
    return Episode(torch.stack(sx), torch.stack(sy), torch.stack(qx), torch.stack(qy))

# %% another_swing | wrong | other swing drawn, moved on by one if it is the same: twice as likely | some pairs of swings come more often
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = x.shape[:3]
    sx, sy, qx, qy = [], [], [], []
    for _ in range(n_tasks):
        arm = torch.randint(arms, (1,), generator=generator).item()
        first, other = torch.randint(swings, (2,), generator=generator).tolist()
        if other == first:
            other = (other + 1) % swings
        start = torch.randint(moments - n_support + 1, (1,), generator=generator).item()
        piece = torch.arange(start, start + n_support)
        asked = torch.randperm(moments, generator=generator)[:n_query]
        sx.append(x[arm, first, piece])
        sy.append(y[arm, first, piece])
        qx.append(x[arm, other, asked])
        qy.append(y[arm, other, asked])
    return Episode(torch.stack(sx), torch.stack(sy), torch.stack(qx), torch.stack(qy))

# %% another_swing | wrong | the moments of the support forbidden for the queries | queries never come at the moments of the support set
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = x.shape[:3]
    sx, sy, qx, qy = [], [], [], []
    for _ in range(n_tasks):
        arm = torch.randint(arms, (1,), generator=generator).item()
        first, other = torch.randperm(swings, generator=generator)[:2].tolist()
        start = torch.randint(moments - n_support + 1, (1,), generator=generator).item()
        piece = torch.arange(start, start + n_support)
        order = torch.randperm(moments, generator=generator)
        asked = order[(order < start) | (order >= start + n_support)][:n_query]
        sx.append(x[arm, first, piece])
        sy.append(y[arm, first, piece])
        qx.append(x[arm, other, asked])
        qy.append(y[arm, other, asked])
    return Episode(torch.stack(sx), torch.stack(sy), torch.stack(qx), torch.stack(qy))

# %% another_swing | wrong | query only from the first n_query moments | the first n_query moments of their swing
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = x.shape[:3]
    sx, sy, qx, qy = [], [], [], []
    for _ in range(n_tasks):
        arm = torch.randint(arms, (1,), generator=generator).item()
        first, other = torch.randperm(swings, generator=generator)[:2].tolist()
        start = torch.randint(moments - n_support + 1, (1,), generator=generator).item()
        piece = torch.arange(start, start + n_support)
        asked = torch.randperm(n_query, generator=generator)
        sx.append(x[arm, first, piece])
        sy.append(y[arm, first, piece])
        qx.append(x[arm, other, asked])
        qy.append(y[arm, other, asked])
    return Episode(torch.stack(sx), torch.stack(sy), torch.stack(qx), torch.stack(qy))

# %% another_swing | wrong | generator seeded anew in each call | `generator` is set to a seed inside
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = x.shape[:3]
    generator.manual_seed(0)
    sx, sy, qx, qy = [], [], [], []
    for _ in range(n_tasks):
        arm = torch.randint(arms, (1,), generator=generator).item()
        first, other = torch.randperm(swings, generator=generator)[:2].tolist()
        start = torch.randint(moments - n_support + 1, (1,), generator=generator).item()
        piece = torch.arange(start, start + n_support)
        asked = torch.randperm(moments, generator=generator)[:n_query]
        sx.append(x[arm, first, piece])
        sy.append(y[arm, first, piece])
        qx.append(x[arm, other, asked])
        qy.append(y[arm, other, asked])
    return Episode(torch.stack(sx), torch.stack(sy), torch.stack(qx), torch.stack(qy))

# %% another_swing | wrong | support and query exchanged in the Episode | The two are exchanged: Episode(
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = x.shape[:3]
    sx, sy, qx, qy = [], [], [], []
    for _ in range(n_tasks):
        arm = torch.randint(arms, (1,), generator=generator).item()
        first, other = torch.randperm(swings, generator=generator)[:2].tolist()
        start = torch.randint(moments - n_support + 1, (1,), generator=generator).item()
        piece = torch.arange(start, start + n_support)
        asked = torch.randperm(moments, generator=generator)[:n_query]
        sx.append(x[arm, first, piece])
        sy.append(y[arm, first, piece])
        qx.append(x[arm, other, asked])
        qy.append(y[arm, other, asked])
    return Episode(torch.stack(qx), torch.stack(qy), torch.stack(sx), torch.stack(sy))

# %% another_swing | wrong | start anywhere, the piece goes on at the beginning (modulo) | goes on at its beginning
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = x.shape[:3]
    sx, sy, qx, qy = [], [], [], []
    for _ in range(n_tasks):
        arm = torch.randint(arms, (1,), generator=generator).item()
        first, other = torch.randperm(swings, generator=generator)[:2].tolist()
        start = torch.randint(moments, (1,), generator=generator).item()
        piece = torch.arange(start, start + n_support) % moments
        asked = torch.randperm(moments, generator=generator)[:n_query]
        sx.append(x[arm, first, piece])
        sy.append(y[arm, first, piece])
        qx.append(x[arm, other, asked])
        qy.append(y[arm, other, asked])
    return Episode(torch.stack(sx), torch.stack(sy), torch.stack(qx), torch.stack(qy))

# %% another_swing | wrong | query moments as evenly spaced, from a random offset | each comes 3 moments after the one before it
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = x.shape[:3]
    arm = torch.randint(0, arms, (n_tasks, 1), generator=generator)
    first = torch.randint(0, swings, (n_tasks, 1), generator=generator)
    other = (first + torch.randint(1, swings, (n_tasks, 1), generator=generator)) % swings
    s = torch.randint(0, moments - n_support + 1, (n_tasks, 1), generator=generator) + torch.arange(n_support)
    offset = torch.randint(0, moments, (n_tasks, 1), generator=generator)
    q = (offset + torch.arange(n_query) * (moments // n_query)) % moments
    return Episode(x[arm, first, s], y[arm, first, s], x[arm, other, q], y[arm, other, q])

# %% another_swing | wrong | other swing drawn once, the first task's, for all where it can | is drawn once for all tasks
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = x.shape[:3]
    arm = torch.randint(0, arms, (n_tasks, 1), generator=generator)
    first = torch.randint(0, swings, (n_tasks, 1), generator=generator)
    other = (first + torch.randint(1, swings, (1,), generator=generator)) % swings
    s = torch.randint(0, moments - n_support + 1, (n_tasks, 1), generator=generator) + torch.arange(n_support)
    q = torch.rand(n_tasks, moments, generator=generator).argsort(1)[:, :n_query]
    return Episode(x[arm, first, s], y[arm, first, s], x[arm, other, q], y[arm, other, q])

# %% another_swing | wrong | 1 - swing | (1 - swing is the other one where there are two.)
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arm = torch.randint(x.shape[0], (n_tasks, 1), generator=generator)
    a = torch.randint(x.shape[1], (n_tasks, 1), generator=generator)
    s = torch.randint(x.shape[2] - n_support + 1, (n_tasks, 1), generator=generator) + torch.arange(n_support)
    q = torch.rand(n_tasks, x.shape[2], generator=generator).argsort(1)[:, :n_query]
    return Episode(x[arm, a, s], y[arm, a, s], x[arm, 1 - a, q], y[arm, 1 - a, q])

# %% another_swing | wrong | torques of another moment | inputs and torques do not belong together: query_y comes from
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    parts = []
    for _ in range(n_tasks):
        arm = torch.randint(x.shape[0], (1,), generator=generator).item()
        a, b = torch.randperm(x.shape[1], generator=generator)[:2].tolist()
        start = torch.randint(x.shape[2] - n_support + 1, (1,), generator=generator).item()
        parts.append((x[arm, a, start : start + n_support], y[arm, a, start : start + n_support],
                      x[arm, b, torch.randperm(x.shape[2], generator=generator)[:n_query]],
                      y[arm, b, torch.randperm(x.shape[2], generator=generator)[:n_query]]))
    return Episode(*map(torch.stack, zip(*parts)))

# %% payload_spread | right | pinv of the others
import torch

def payload_spread(rows, noise):
    a, B = rows[:, :, :1], rows[:, :, 1:]
    r = a - B @ (torch.linalg.pinv(B) @ a)
    return noise / r.norm(dim=(1, 2))

# %% payload_spread | right | numpy lstsq, loop
import torch

def payload_spread(rows, noise):
    import numpy as np
    out = []
    for X in rows.numpy():
        c = np.linalg.lstsq(X[:, 1:], X[:, 0], rcond=None)[0]
        left = np.sqrt(((X[:, 0] - X[:, 1:] @ c) ** 2).sum())
        out.append(float(noise) / left if left > 0 else float("inf"))
    return torch.tensor(out, dtype=torch.float64)

# %% payload_spread | right | lstsq with gelsd
import torch

def payload_spread(rows, noise):
    a, B = rows[..., :1], rows[..., 1:]
    c = torch.linalg.lstsq(B, a, driver="gelsd").solution
    left = torch.einsum("mno,mno->m", a - B @ c, a - B @ c)
    return noise / torch.sqrt(left)

# %% payload_spread | right | Gram-Schmidt, each column scaled and passed twice, tiny remainders dropped
import torch

def payload_spread(rows, noise):
    result = []
    for X in rows:
        basis = []
        def rest(v):
            for _ in range(2):
                for b in basis:
                    v = v - (b @ v) * b
            return v
        for j in range(1, X.shape[1]):
            size = X[:, j].norm()
            if size > 0:
                v = rest(X[:, j] / size)
                if v.norm() > 1e-10:
                    basis.append(v / v.norm())
        r = rest(X[:, 0]).norm()
        result.append(noise / r if r > 1e-12 * (1 + X[:, 0].norm()) else torch.tensor(float("inf"), dtype=rows.dtype))
    return torch.stack([torch.as_tensor(v, dtype=torch.float64) for v in result])

# %% payload_spread | right | row of the pseudo-inverse, infinity where e1 is not in the row space
import torch

def payload_spread(rows, noise):
    P = torch.linalg.pinv(rows)
    told = (P @ rows)[:, 0, 0] > 1 - 1e-6
    spread = noise * P[:, 0].norm(dim=-1)
    return spread.masked_fill(~told, torch.inf)

# %% payload_spread | wrong | variance in place of the standard deviation | this is the variance
import torch

def payload_spread(rows, noise):
    a, B = rows[:, :, :1], rows[:, :, 1:]
    r = a - B @ (torch.linalg.pinv(B) @ a)
    return noise ** 2 / r.square().sum((1, 2))

# %% payload_spread | wrong | inverse of X'X: an error for singular tables | so that rows'rows has no inverse
import torch

def payload_spread(rows, noise):
    return noise * torch.linalg.inv(rows.mT @ rows)[:, 0, 0].sqrt()

# %% payload_spread | wrong | pseudo-inverse of X'X: finite where the payload cannot be told | a variance of *0*
import torch

def payload_spread(rows, noise):
    return noise * torch.linalg.pinv(rows.mT @ rows)[:, 0, 0].sqrt()

# %% payload_spread | wrong | lstsq with the default driver, wrong for columns that are 0 or imitate one another | torch.linalg.lstsq is used with its usual driver
import torch

def payload_spread(rows, noise):
    a, B = rows[:, :, :1], rows[:, :, 1:]
    r = a - B @ torch.linalg.lstsq(B, a).solution
    return noise / r.norm(dim=(1, 2))

# %% payload_spread | wrong | each column taken off by itself, though the columns are not perpendicular | each of the other columns is taken away by itself
import torch

def payload_spread(rows, noise):
    a = rows[:, :, 0]
    r = a.clone()
    for j in range(1, rows.shape[2]):
        b = rows[:, :, j]
        r = r - (a * b).sum(1, keepdim=True) / (b * b).sum(1, keepdim=True).clamp_min(1e-12) * b
    return noise / r.norm(dim=1)

# %% payload_spread | wrong | only the one column that imitates best | only the *one* column that imitates the payload best
import torch

def payload_spread(rows, noise):
    a, B = rows[:, :, 0], rows[:, :, 1:]
    coef = (a.unsqueeze(-1) * B).sum(1) / B.square().sum(1).clamp_min(1e-12)
    left = (a.unsqueeze(-1) - coef.unsqueeze(1) * B).norm(dim=1)
    return noise / left.min(1).values

# %% payload_spread | wrong | infinity wherever the table has not full rank | it gives up when not *all* unknowns can be told
import torch

def payload_spread(rows, noise):
    a, B = rows[:, :, :1], rows[:, :, 1:]
    r = a - B @ (torch.linalg.pinv(B) @ a)
    spread = noise / r.norm(dim=(1, 2))
    full = torch.linalg.matrix_rank(rows) == rows.shape[2]
    return torch.where(full, spread, torch.full_like(spread, float("inf")))

# %% payload_spread | wrong | infinity whenever there are fewer torques than unknowns | it gives up when there are fewer torques than unknowns
import torch

def payload_spread(rows, noise):
    if rows.shape[1] < rows.shape[2]:
        return torch.full((len(rows),), float("inf"), dtype=rows.dtype)
    a, B = rows[:, :, :1], rows[:, :, 1:]
    r = a - B @ (torch.linalg.pinv(B) @ a)
    return noise / r.norm(dim=(1, 2))

# %% payload_spread | wrong | condition number times noise over the column's size | the condition number says
import torch

def payload_spread(rows, noise):
    return noise * torch.linalg.cond(rows) / rows[:, :, 0].norm(dim=1)

# %% payload_spread | wrong | the payload's column among the imitators: nothing is left | Is it among the columns that imitate it?
import torch

def payload_spread(rows, noise):
    a = rows[:, :, :1]
    r = a - rows @ (torch.linalg.pinv(rows) @ a)
    return noise / r.norm(dim=(1, 2))

# %% payload_spread | wrong | all movements together: one number for all | all movements are taken together
import torch

def payload_spread(rows, noise):
    X = rows.flatten(0, 1)
    a, B = X[:, 0], X[:, 1:]
    r = a - B @ (torch.linalg.pinv(B) @ a)
    return (noise / r.norm()).expand(len(rows))

# %% payload_spread | wrong | 0 where nothing is left ("no error") in place of infinity | 0 says that it is told without an error
import torch

def payload_spread(rows, noise):
    a, B = rows[:, :, :1], rows[:, :, 1:]
    r = (a - B @ (torch.linalg.pinv(B) @ a)).norm(dim=(1, 2))
    return torch.where(r > 1e-8, noise / r, torch.zeros_like(r))

# %% payload_spread | wrong | row norm of the pseudo-inverse, without asking whether the payload can be told | a pseudo-inverse of the whole table
import torch

def payload_spread(rows, noise):
    return noise * torch.linalg.pinv(rows)[:, 0].norm(dim=1)

# %% payload_spread | wrong | noise over the root of degrees of freedom (n - unknowns) | it is divided by the root of n - unknowns
import torch

def payload_spread(rows, noise):
    a, B = rows[:, :, :1], rows[:, :, 1:]
    r = a - B @ (torch.linalg.pinv(B) @ a)
    return noise / r.norm(dim=(1, 2)) / max(rows.shape[1] - rows.shape[2], 1) ** 0.5
