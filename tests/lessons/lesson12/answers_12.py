# %% acceleration | right | the two terms written out, Cramer's rule
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    M = mass_matrix(arm, state)
    q2, w1, w2 = state[..., 1], state[..., 2], state[..., 3]
    h = (arm[..., 2] / 2 + arm[..., 0]) * 0.25 * torch.sin(q2)
    swift = torch.stack([-h * (2 * w1 * w2 + w2 * w2), h * w1 * w1], dim=-1)
    f = torques - swift - gravity(arm, state) - joints(arm, state)
    det = M[..., 0, 0] * M[..., 1, 1] - M[..., 0, 1] ** 2
    a1 = (M[..., 1, 1] * f[..., 0] - M[..., 0, 1] * f[..., 1]) / det
    a2 = (M[..., 0, 0] * f[..., 1] - M[..., 0, 1] * f[..., 0]) / det
    return torch.stack([a1, a2], dim=-1)

# %% acceleration | right | derivative of M as a matrix, linalg.solve
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    w = state[..., 2:, None]
    k = (arm[..., 2] / 2 + arm[..., 0]) * 0.5**2
    dM = (-k * state[..., 1].sin())[..., None, None] * torch.tensor([[2.0, 1.0], [1.0, 0.0]], dtype=state.dtype)
    first = state[..., 3, None, None] * (dM @ w)
    second = torch.zeros_like(first)
    second[..., 1:, :] = 0.5 * w.transpose(-1, -2) @ dM @ w
    right = torques[..., None] - first + second - gravity(arm, state)[..., None] - joints(arm, state)[..., None]
    return torch.linalg.solve(mass_matrix(arm, state), right)[..., 0]

# %% acceleration | right | autograd of the kinetic energy
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    q, w = state[..., :2].detach(), state[..., 2:].detach()

    def momentum(q):
        return (mass_matrix(arm, torch.cat([q, w], -1)) @ w[..., None])[..., 0]

    _, change = torch.func.jvp(momentum, (q,), (w,))
    slope = torch.func.grad(lambda q: (momentum(q) * w).sum() / 2)(q)
    left = torques - change + slope - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), left[..., None])[..., 0]

# %% acceleration | right | the inverse matrix, terms written by hand with h negative
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    payload, _, lower = arm[..., 0], arm[..., 1], arm[..., 2]
    w1, w2 = state[..., 2], state[..., 3]
    h = -(0.5 * lower + payload) * 0.5 * 0.5 * torch.sin(state[..., 1])
    c = torch.stack((h * w2 * (2 * w1 + w2), -h * w1.square()), -1)
    tau = torques - c - gravity(arm, state) - joints(arm, state)
    return torch.einsum("...ij,...j->...i", torch.linalg.inv(mass_matrix(arm, state)), tau)

# %% acceleration | wrong | no terms with speeds | the terms with speeds are missing. While the arm moves, M
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    left = torques - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), left.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | all signs of the terms with speeds turned | the terms with speeds have the wrong sign, all of them. Two
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    w1, w2 = state[..., 2], state[..., 3]
    h = (arm[..., 2] / 2 + arm[..., 0]) * 0.25 * torch.sin(state[..., 1])
    swift = torch.stack([h * (2 * w1 * w2 + w2**2), -h * w1**2], -1)
    left = torques - swift - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), left.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | only M' w, by jvp | of the two terms with speeds, only M' w is there (M' is the
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    q, w = state[..., :2], state[..., 2:]
    _, change = torch.func.jvp(lambda q: mass_matrix(arm, torch.cat([q, w], -1)), (q,), (w,))
    left = torques - (change @ w.unsqueeze(-1)).squeeze(-1) - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), left.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | the half forgotten | in the elbow's equation, the derivative of w'Mw is taken
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    w1, w2 = state[..., 2], state[..., 3]
    h = (arm[..., 2] / 2 + arm[..., 0]) * 0.25 * torch.sin(state[..., 1])
    first = torch.stack([-h * w2 * (2 * w1 + w2), -h * w2 * w1], -1)
    second = torch.stack([0 * h, -2 * h * w1 * (w1 + w2)], -1)
    left = torques - first + second - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), left.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | second term added | the second term with speeds is added. Lagrange's equation
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    w1, w2 = state[..., 2], state[..., 3]
    h = (arm[..., 2] / 2 + arm[..., 0]) * 0.25 * torch.sin(state[..., 1])
    first = torch.stack([-h * w2 * (2 * w1 + w2), -h * w2 * w1], -1)
    second = torch.stack([0 * h, -h * w1 * (w1 + w2)], -1)
    left = torques - first - second - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), left.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | M' without w2 | M' is taken as the derivative of M in q2. In time, q2 changes
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    w1, w2 = state[..., 2], state[..., 3]
    h = (arm[..., 2] / 2 + arm[..., 0]) * 0.25 * torch.sin(state[..., 1])
    first = torch.stack([-h * (2 * w1 + w2), -h * w1], -1)
    second = torch.stack([0 * h, -h * w1 * (w1 + w2)], -1)
    left = torques - first + second - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), left.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | cos left in the derivative | the terms with speeds hold cos q2. They come from a
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    w1, w2 = state[..., 2], state[..., 3]
    h = (arm[..., 2] / 2 + arm[..., 0]) * 0.25 * torch.cos(state[..., 1])
    swift = torch.stack([-h * (2 * w1 * w2 + w2**2), h * w1**2], -1)
    left = torques - swift - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), left.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | k without the payload | in the terms with speeds, k lacks the payload: it is (lower /
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    w1, w2 = state[..., 2], state[..., 3]
    h = arm[..., 2] / 2 * 0.25 * torch.sin(state[..., 1])
    swift = torch.stack([-h * (2 * w1 * w2 + w2**2), h * w1**2], -1)
    left = torques - swift - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), left.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | upper and lower arm exchanged in k | in the terms with speeds, k is made of the mass of the upper
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    w1, w2 = state[..., 2], state[..., 3]
    h = (arm[..., 1] / 2 + arm[..., 0]) * 0.25 * torch.sin(state[..., 1])
    swift = torch.stack([-h * (2 * w1 * w2 + w2**2), h * w1**2], -1)
    left = torques - swift - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), left.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | l in place of l squared | in the terms with speeds, k has l in place of l^2
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    w1, w2 = state[..., 2], state[..., 3]
    h = (arm[..., 2] / 2 + arm[..., 0]) * 0.5 * torch.sin(state[..., 1])
    swift = torch.stack([-h * (2 * w1 * w2 + w2**2), h * w1**2], -1)
    left = torques - swift - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), left.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | w1 w2 once | in the shoulder's equation, w1 w2 stands once. The corner of
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    w1, w2 = state[..., 2], state[..., 3]
    h = (arm[..., 2] / 2 + arm[..., 0]) * 0.25 * torch.sin(state[..., 1])
    swift = torch.stack([-h * (w1 * w2 + w2**2), h * w1**2], -1)
    left = torques - swift - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), left.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | gravity added | gravity has the wrong sign: on the side of the torques it is
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    w1, w2 = state[..., 2], state[..., 3]
    h = (arm[..., 2] / 2 + arm[..., 0]) * 0.25 * torch.sin(state[..., 1])
    swift = torch.stack([-h * (2 * w1 * w2 + w2**2), h * w1**2], -1)
    left = torques - swift + gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), left.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | joints forgotten | joints(arm, state) is missing: friction, and what else acts
import torch
from course_lib.tasks.arm import gravity, mass_matrix

def acceleration(arm, state, torques):
    w1, w2 = state[..., 2], state[..., 3]
    h = (arm[..., 2] / 2 + arm[..., 0]) * 0.25 * torch.sin(state[..., 1])
    swift = torch.stack([-h * (2 * w1 * w2 + w2**2), h * w1**2], -1)
    return torch.linalg.solve(mass_matrix(arm, state), (torques - swift - gravity(arm, state)).unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | divides by the diagonal | each joint is solved alone: the right side is divided by the
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    M = mass_matrix(arm, state)
    w1, w2 = state[..., 2], state[..., 3]
    h = (arm[..., 2] / 2 + arm[..., 0]) * 0.25 * torch.sin(state[..., 1])
    swift = torch.stack([-h * (2 * w1 * w2 + w2**2), h * w1**2], -1)
    left = torques - swift - gravity(arm, state) - joints(arm, state)
    return torch.stack([left[..., 0] / M[..., 0, 0], left[..., 1] / M[..., 1, 1]], -1)

# %% acceleration | wrong | works with one axis in front only | Any axes may stand in front: state[..., 0], not state[:, 0]
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    w1, w2 = state[:, 2], state[:, 3]
    h = (arm[:, 2] / 2 + arm[:, 0]) * 0.25 * torch.sin(state[:, 1])
    swift = torch.stack([-h * (2 * w1 * w2 + w2**2), h * w1**2], 1)
    left = torques - swift - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), left.unsqueeze(2)).squeeze(2)

# %% acceleration | wrong | takes the state apart along the first axis | A tensor is taken apart along its first axis
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    q1, q2, w1, w2 = state
    h = (arm[..., 2] / 2 + arm[..., 0]) * 0.25 * torch.sin(q2)
    swift = torch.stack([-h * (2 * w1 * w2 + w2**2), h * w1**2], -1)
    left = torques - swift - gravity(arm, state) - joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), left.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | changes torques in place | it changes `torques` in place; compute a new tensor instead
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    w1, w2 = state[..., 2], state[..., 3]
    h = (arm[..., 2] / 2 + arm[..., 0]) * 0.25 * torch.sin(state[..., 1])
    torques -= torch.stack([-h * (2 * w1 * w2 + w2**2), h * w1**2], -1)
    torques -= gravity(arm, state) + joints(arm, state)
    return torch.linalg.solve(mass_matrix(arm, state), torques.unsqueeze(-1)).squeeze(-1)

# %% acceleration | wrong | float32 whatever comes in | the numbers are right, but for state of torch.float64 it
import torch
from course_lib.tasks.arm import gravity, joints, mass_matrix

def acceleration(arm, state, torques):
    arm, state, torques = arm.float(), state.float(), torques.float()
    w1, w2 = state[..., 2], state[..., 3]
    h = (arm[..., 2] / 2 + arm[..., 0]) * 0.25 * torch.sin(state[..., 1])
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

# %% least_squares_with_prior | right | multiplied by the covariance
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    R, y = rows.flatten(1, 2), torques.flatten(1)
    left = covariance @ (R.mT @ R) + noise**2 * torch.eye(len(mean), dtype=rows.dtype)
    right = covariance @ (R.mT @ (y - R @ mean).unsqueeze(-1))
    return mean + torch.linalg.solve(left, right).squeeze(-1)

# %% least_squares_with_prior | right | gain form, one task at a time
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    found = []
    for r, y in zip(rows, torques):
        r, y = r.reshape(-1, r.shape[-1]), y.reshape(-1)
        S = r @ covariance @ r.T + noise**2 * torch.eye(len(y), dtype=r.dtype)
        found.append(mean + covariance @ r.T @ torch.linalg.solve(S, y - r @ mean))
    return torch.stack(found)

# %% least_squares_with_prior | right | root of the covariance
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp(min=0).sqrt()  # theta = mean + root @ z, with z of spread 1
    R = rows.flatten(1, 2) @ root
    error = torques.flatten(1) - rows.flatten(1, 2) @ mean
    A = R.mT @ R + noise**2 * torch.eye(len(mean)).to(R)
    z = torch.linalg.solve(A, R.mT @ error[..., None])
    return mean + (root @ z)[..., 0]

# %% least_squares_with_prior | right | numpy inside
import numpy as np
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    C, m = covariance.double().numpy(), mean.double().numpy()
    out = []
    for r, y in zip(rows.double().numpy(), torques.double().numpy()):
        r, y = r.reshape(-1, len(m)), y.reshape(-1)
        out.append(m + np.linalg.solve(C @ r.T @ r + noise**2 * np.eye(len(m)), C @ r.T @ (y - r @ m)))
    return torch.as_tensor(np.array(out)).to(rows.dtype)

# %% least_squares_with_prior | wrong | inverse of the covariance | Multiply the equation (rows'rows + noise^2 C^-1) δ =
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    R, y = rows.flatten(1, 2), torques.flatten(1)
    A = R.mT @ R + noise**2 * torch.linalg.inv(covariance)
    return mean + torch.linalg.solve(A, (R.mT @ (y - R @ mean)[..., None])).squeeze(-1)

# %% least_squares_with_prior | wrong | pinv of the covariance | pinv gives what never varies the precision 0, so that it is
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    R, y = rows.flatten(1, 2), torques.flatten(1)
    A = R.mT @ R + noise**2 * torch.linalg.pinv(covariance)
    return mean + torch.linalg.solve(A, (R.mT @ (y - R @ mean)[..., None])).squeeze(-1)

# %% least_squares_with_prior | wrong | jitter of 1e-3 | 0.001 is added to the covariance's diagonal, which changes
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    R, y = rows.flatten(1, 2), torques.flatten(1)
    P = torch.linalg.inv(covariance + 1e-3 * torch.eye(len(mean), dtype=rows.dtype))
    return mean + torch.linalg.solve(R.mT @ R + noise**2 * P, (R.mT @ (y - R @ mean)[..., None])).squeeze(-1)

# %% least_squares_with_prior | wrong | pulled to 0 | the numbers are pulled to 0. Arms are not drawn around 0 but
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    R, y = rows.flatten(1, 2), torques.flatten(1)
    left = covariance @ (R.mT @ R) + noise**2 * torch.eye(len(mean), dtype=rows.dtype)
    return torch.linalg.solve(left, covariance @ (R.mT @ y.unsqueeze(-1))).squeeze(-1)

# %% least_squares_with_prior | wrong | mean not added | this is the difference from the mean. Add the mean to it
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    R, y = rows.flatten(1, 2), torques.flatten(1)
    left = covariance @ (R.mT @ R) + noise**2 * torch.eye(len(mean), dtype=rows.dtype)
    return torch.linalg.solve(left, covariance @ (R.mT @ (y - R @ mean).unsqueeze(-1))).squeeze(-1)

# %% least_squares_with_prior | wrong | mean added and not taken off | the mean is added in the end, but it was not taken off
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    R, y = rows.flatten(1, 2), torques.flatten(1)
    left = covariance @ (R.mT @ R) + noise**2 * torch.eye(len(mean), dtype=rows.dtype)
    return mean + torch.linalg.solve(left, covariance @ (R.mT @ y.unsqueeze(-1))).squeeze(-1)

# %% least_squares_with_prior | wrong | noise not squared | noise is a standard deviation: its square is what counts
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    R, y = rows.flatten(1, 2), torques.flatten(1)
    left = covariance @ (R.mT @ R) + noise * torch.eye(len(mean), dtype=rows.dtype)
    return mean + torch.linalg.solve(left, covariance @ (R.mT @ (y - R @ mean).unsqueeze(-1))).squeeze(-1)

# %% least_squares_with_prior | wrong | covariance where its inverse belongs | the covariance stands in place of its inverse: what varies
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    R, y = rows.flatten(1, 2), torques.flatten(1)
    left = R.mT @ R + noise**2 * covariance
    return mean + torch.linalg.solve(left, R.mT @ (y - R @ mean).unsqueeze(-1)).squeeze(-1)

# %% least_squares_with_prior | wrong | right side not multiplied | the left side of the equation is multiplied by C, and the
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    R, y = rows.flatten(1, 2), torques.flatten(1)
    left = covariance @ (R.mT @ R) + noise**2 * torch.eye(len(mean), dtype=rows.dtype)
    return mean + torch.linalg.solve(left, R.mT @ (y - R @ mean).unsqueeze(-1)).squeeze(-1)

# %% least_squares_with_prior | wrong | multiplied from the right | C stands on the wrong side of rows'rows. Matrices keep their
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    R, y = rows.flatten(1, 2), torques.flatten(1)
    left = (R.mT @ R) @ covariance + noise**2 * torch.eye(len(mean), dtype=rows.dtype)
    return mean + torch.linalg.solve(left, covariance @ (R.mT @ (y - R @ mean).unsqueeze(-1))).squeeze(-1)

# %% least_squares_with_prior | wrong | plain lstsq | this is plain least squares, without a prior. With few
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    return torch.linalg.lstsq(rows.flatten(1, 2), torques.flatten(1).unsqueeze(-1)).solution.squeeze(-1)

# %% least_squares_with_prior | wrong | only the diagonal of the covariance | only the diagonal of the covariance is used. The numbers vary
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    R, y = rows.flatten(1, 2), torques.flatten(1)
    A = R.mT @ R + noise**2 * torch.diag(1 / torch.diag(covariance))
    return mean + torch.linalg.solve(A, R.mT @ (y - R @ mean).unsqueeze(-1)).squeeze(-1)

# %% least_squares_with_prior | wrong | mean over the torques | the *mean* over the torques was taken, so that the prior
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    R, y = rows.flatten(1, 2), torques.flatten(1)
    n = R.shape[1]
    left = covariance @ (R.mT @ R / n) + noise**2 * torch.eye(len(mean), dtype=rows.dtype)
    return mean + torch.linalg.solve(left, covariance @ (R.mT @ (y - R @ mean).unsqueeze(-1) / n)).squeeze(-1)

# %% least_squares_with_prior | wrong | one answer for all arms | all arms get the same numbers, from all torques together
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    R, y = rows.reshape(-1, rows.shape[-1]), torques.reshape(-1)
    left = covariance @ R.T @ R + noise**2 * torch.eye(len(mean), dtype=rows.dtype)
    one = mean + torch.linalg.solve(left, covariance @ R.T @ (y - R @ mean))
    return one.expand(len(rows), -1)

# %% least_squares_with_prior | wrong | a last axis of size 1 stays | there is an axis too many, of size 1 (from unsqueeze(-1) for
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    R, y = rows.flatten(1, 2), torques.flatten(1).unsqueeze(-1)
    m = mean.unsqueeze(-1)
    left = covariance @ (R.mT @ R) + noise**2 * torch.eye(len(mean), dtype=rows.dtype)
    return m + torch.linalg.solve(left, covariance @ R.mT @ (y - R @ m))

# %% least_squares_with_prior | wrong | identity in float32 | the numbers are nearly right: they were computed in float32
import torch

def least_squares_with_prior(rows, torques, mean, covariance, noise):
    R, y = rows.flatten(1, 2).float(), torques.flatten(1).float()
    mean, covariance = mean.float(), covariance.float()
    left = covariance @ (R.mT @ R) + noise**2 * torch.eye(len(mean))
    return mean + torch.linalg.solve(left, covariance @ (R.mT @ (y - R @ mean).unsqueeze(-1))).squeeze(-1)

# %% ridge_head | right | as the equation says
import torch

def ridge_head(features, targets, mean, precision):
    F, L = features, torch.diag(precision)
    return torch.linalg.solve(F.mT @ F + L, F.mT @ targets + L @ mean)

# %% ridge_head | right | n x n form
import torch

def ridge_head(features, targets, mean, precision):
    G = features / precision
    A = features @ G.transpose(1, 2) + torch.eye(features.shape[1]).to(features)
    return mean + G.transpose(1, 2) @ torch.linalg.solve(A, targets - features @ mean)

# %% ridge_head | right | a loop over tasks, cholesky
import torch

def ridge_head(features, targets, mean, precision):
    out = []
    for f, y in zip(features, targets):
        L = torch.linalg.cholesky(f.T @ f + precision.diag())
        out.append(mean + torch.cholesky_solve(f.T @ (y - f @ mean), L))
    return torch.stack(out)

# %% ridge_head | right | each output by itself
import torch

def ridge_head(features, targets, mean, precision):
    A = torch.einsum("tni,tnj->tij", features, features) + torch.diag_embed(precision)
    columns = [torch.linalg.solve(A, torch.einsum("tni,tn->ti", features, targets[..., o]) + precision * mean[:, o])
               for o in range(targets.shape[-1])]
    return torch.stack(columns, dim=-1)

# %% ridge_head | wrong | mean forgotten | the weights are pulled to 0. They should be pulled to the
import torch

def ridge_head(features, targets, mean, precision):
    A = features.mT @ features + torch.diag(precision)
    return torch.linalg.solve(A, features.mT @ targets)

# %% ridge_head | wrong | precision missing beside the mean | on the right side, the mean lacks the precision: F'Y + Λ μ
import torch

def ridge_head(features, targets, mean, precision):
    A = features.mT @ features + torch.diag(precision)
    return torch.linalg.solve(A, features.mT @ targets + mean)

# %% ridge_head | wrong | mean not added | this is the difference from the mean. Add the mean to it
import torch

def ridge_head(features, targets, mean, precision):
    A = features.mT @ features + torch.diag(precision)
    return torch.linalg.solve(A, features.mT @ (targets - features @ mean))

# %% ridge_head | wrong | mean added, not taken off | the mean is added in the end, but it was not taken off
import torch

def ridge_head(features, targets, mean, precision):
    A = features.mT @ features + torch.diag(precision)
    return mean + torch.linalg.solve(A, features.mT @ targets)

# %% ridge_head | wrong | 1 / precision | the precision is turned over. It says how hard a weight is
import torch

def ridge_head(features, targets, mean, precision):
    A = features.mT @ features + torch.diag(1 / precision)
    return mean + torch.linalg.solve(A, features.mT @ (targets - features @ mean))

# %% ridge_head | wrong | precision added without diag | the precision is added to every row of F'F. It belongs on the
import torch

def ridge_head(features, targets, mean, precision):
    A = features.mT @ features + precision
    return mean + torch.linalg.solve(A, features.mT @ (targets - features @ mean))

# %% ridge_head | wrong | n x n form without precision | the precision is not used: all features are held with 1. The
import torch

def ridge_head(features, targets, mean, precision):
    A = features @ features.mT + torch.eye(features.shape[1]).to(features)
    return mean + features.mT @ torch.linalg.solve(A, targets - features @ mean)

# %% ridge_head | wrong | mean of the precisions | all features are held alike, by the mean of the precisions
import torch

def ridge_head(features, targets, mean, precision):
    A = features.mT @ features + precision.mean() * torch.eye(features.shape[-1]).to(features)
    return mean + torch.linalg.solve(A, features.mT @ (targets - features @ mean))

# %% ridge_head | wrong | detached mean | the numbers are right, but no gradient comes back to `mean`
import torch

def ridge_head(features, targets, mean, precision):
    mean = mean.detach()
    A = features.mT @ features + torch.diag(precision)
    return mean + torch.linalg.solve(A, features.mT @ (targets - features @ mean))

# %% ridge_head | wrong | precision through a list | the numbers are right, but no gradient comes back to
import torch

def ridge_head(features, targets, mean, precision):
    L = torch.diag(torch.tensor([float(p) for p in precision], dtype=features.dtype))
    return mean + torch.linalg.solve(features.mT @ features + L, features.mT @ (targets - features @ mean))

# %% ridge_head | wrong | identity of float32 | the numbers are right, but for features of torch.float64 it
import torch

def ridge_head(features, targets, mean, precision):
    F = features.float()
    A = F.mT @ F + torch.diag(precision.float())
    return mean.float() + torch.linalg.solve(A, F.mT @ (targets.float() - F @ mean.float()))

# %% ridge_head | wrong | all tasks together | all tasks get the same weights, from all points together
import torch

def ridge_head(features, targets, mean, precision):
    F, Y = features.flatten(0, 1), targets.flatten(0, 1)
    W = mean + torch.linalg.solve(F.T @ F + torch.diag(precision), F.T @ (Y - F @ mean))
    return W.expand(len(features), *W.shape)

# %% ridge_head | wrong | nothing seen gives zeros | Nothing was seen, so every task has the mean: [tasks, k
import torch

def ridge_head(features, targets, mean, precision):
    if features.shape[1] == 0:
        return torch.zeros(len(features), *mean.shape, dtype=features.dtype)
    A = features.mT @ features + torch.diag(precision)
    return mean + torch.linalg.solve(A, features.mT @ (targets - features @ mean))

# %% ridge_head | wrong | nothing seen gives one mean for all | Nothing was seen, so every task has the mean: [tasks, k
import torch

def ridge_head(features, targets, mean, precision):
    if not features.shape[1]:
        return mean
    A = features.mT @ features + torch.diag(precision)
    return mean + torch.linalg.solve(A, features.mT @ (targets - features @ mean))

# %% ridge_head | wrong | divided by n | F'F and F'Y are divided by the number of points, so that more
import torch

def ridge_head(features, targets, mean, precision):
    n = features.shape[1]
    A = features.mT @ features / n + torch.diag(precision)
    return mean + torch.linalg.solve(A, features.mT @ (targets - features @ mean) / n)

# %% computed_torque | right | in one line
def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, stiffness=60.0, damping=12.0):
    e, de = wanted_position - state[:, :2], wanted_velocity - state[:, 2:]
    return inverse(state, wanted_acceleration + damping * de + stiffness * e)

# %% computed_torque | right | signs the other way round, twice
def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, stiffness=60.0, damping=12.0):
    q, w = state.chunk(2, dim=-1)
    return inverse(state, wanted_acceleration - stiffness * (q - wanted_position) - damping * (w - wanted_velocity))

# %% computed_torque | right | joint by joint
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, stiffness=60.0, damping=12.0):
    asked = torch.empty(len(state), 2, dtype=state.dtype)
    for j in range(2):
        error = wanted_position[j] - state[:, j]
        slope = wanted_velocity[j] - state[:, 2 + j]
        asked[:, j] = wanted_acceleration[j] + stiffness * error + damping * slope
    return inverse(state, asked)

# %% computed_torque | right | wanted state as one tensor
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, stiffness=60.0, damping=12.0):
    gap = torch.cat([wanted_position, wanted_velocity]) - state  # [arms, 4]
    gains = torch.tensor([[stiffness, 0, damping, 0], [0, stiffness, 0, damping]], dtype=state.dtype)
    return inverse(state, wanted_acceleration + gap @ gains.T)

# %% computed_torque | wrong | errors with the wrong sign | the corrections have the wrong sign: an arm that hangs below
def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, stiffness=60.0, damping=12.0):
    e, de = state[:, :2] - wanted_position, state[:, 2:] - wanted_velocity
    return inverse(state, wanted_acceleration + damping * de + stiffness * e)

# %% computed_torque | wrong | minus before both terms, as in the equation | the wanted acceleration is missing, and the corrections have
def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, stiffness=60.0, damping=12.0):
    e, de = wanted_position - state[:, :2], wanted_velocity - state[:, 2:]
    return inverse(state, -damping * de - stiffness * e)

# %% computed_torque | wrong | wanted acceleration only | the error is not used: asked for the wanted acceleration
def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, stiffness=60.0, damping=12.0):
    return inverse(state, wanted_acceleration.expand(len(state), 2))

# %% computed_torque | wrong | corrections without the wanted acceleration | the wanted acceleration is missing. Arms that are where they
def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, stiffness=60.0, damping=12.0):
    e, de = wanted_position - state[:, :2], wanted_velocity - state[:, 2:]
    return inverse(state, damping * de + stiffness * e)

# %% computed_torque | wrong | corrections added to the torques | the corrections are added to the *torques*. They are
def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, stiffness=60.0, damping=12.0):
    e, de = wanted_position - state[:, :2], wanted_velocity - state[:, 2:]
    return inverse(state, wanted_acceleration.expand_as(e)) + stiffness * e + damping * de

# %% computed_torque | wrong | gains exchanged | stiffness and damping are exchanged: stiffness stands before
def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, stiffness=60.0, damping=12.0):
    e, de = wanted_position - state[:, :2], wanted_velocity - state[:, 2:]
    return inverse(state, wanted_acceleration + damping * e + stiffness * de)

# %% computed_torque | wrong | asked where the arm should be | the model is asked at the state where the arm *should* be
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, stiffness=60.0, damping=12.0):
    e, de = wanted_position - state[:, :2], wanted_velocity - state[:, 2:]
    there = torch.cat([wanted_position, wanted_velocity]).expand_as(state)
    return inverse(there, wanted_acceleration + damping * de + stiffness * e)

# %% computed_torque | wrong | 60 and 12 written down | 60 and 12 are written in the code. Use the arguments
def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, stiffness=60.0, damping=12.0):
    e, de = wanted_position - state[:, :2], wanted_velocity - state[:, 2:]
    return inverse(state, wanted_acceleration + 12 * de + 60 * e)

# %% computed_torque | wrong | one arm after the other | for 3 arms the model is asked 3 times. Each time costs a pass
import torch

def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, stiffness=60.0, damping=12.0):
    out = []
    for s in state:
        a = wanted_acceleration + stiffness * (wanted_position - s[:2]) + damping * (wanted_velocity - s[2:])
        out.append(inverse(s.unsqueeze(0), a.unsqueeze(0))[0])
    return torch.stack(out)

# %% computed_torque | wrong | arguments of the model exchanged | the model is asked with its two arguments exchanged
def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, stiffness=60.0, damping=12.0):
    e, de = wanted_position - state[:, :2], wanted_velocity - state[:, 2:]
    return inverse(wanted_acceleration + damping * de + stiffness * e, state)

# %% computed_torque | wrong | returns the acceleration | this is the acceleration to ask for. Ask the model
def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, stiffness=60.0, damping=12.0):
    e, de = wanted_position - state[:, :2], wanted_velocity - state[:, 2:]
    return wanted_acceleration + damping * de + stiffness * e

# %% computed_torque | wrong | brake on the speed itself | the brake is on the speed itself, not on its error: e' =
def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, stiffness=60.0, damping=12.0):
    return inverse(state, wanted_acceleration + stiffness * (wanted_position - state[:, :2]) - damping * state[:, 2:])

# %% computed_torque | wrong | whole errors of four numbers | the speeds of `state` are read from the wrong places: angles
def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, stiffness=60.0, damping=12.0):
    e = wanted_position - state[:, 0:2]
    de = wanted_velocity - state[:, 1:3]
    return inverse(state, wanted_acceleration + damping * de + stiffness * e)

# %% computed_torque | wrong | other names of the gains | the numbers are right, but the lesson calls it with
def computed_torque(inverse, state, wanted_position, wanted_velocity, wanted_acceleration, kp=60.0, kd=12.0):
    e, de = wanted_position - state[:, :2], wanted_velocity - state[:, 2:]
    return inverse(state, wanted_acceleration + kd * de + kp * e)

# %% another_swing | right | a loop
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = x.shape[:3]
    sx, sy, qx, qy = [], [], [], []
    for _ in range(n_tasks):
        arm = torch.randint(arms, (1,), generator=generator).item()
        one, other = torch.randperm(swings, generator=generator)[:2].tolist()
        start = torch.randint(moments - n_support + 1, (1,), generator=generator).item()
        asked = torch.randperm(moments, generator=generator)[:n_query]
        sx.append(x[arm, one, start : start + n_support])
        sy.append(y[arm, one, start : start + n_support])
        qx.append(x[arm, other, asked])
        qy.append(y[arm, other, asked])
    return Episode(torch.stack(sx), torch.stack(sy), torch.stack(qx), torch.stack(qy))

# %% another_swing | right | all at once
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = x.shape[:3]
    arm = torch.randint(0, arms, (n_tasks, 1), generator=generator)
    order = torch.rand(n_tasks, swings, generator=generator).argsort(1)
    start = torch.randint(0, moments - n_support + 1, (n_tasks, 1), generator=generator)
    window = start + torch.arange(n_support)
    asked = torch.rand(n_tasks, moments, generator=generator).topk(n_query).indices
    a, b = order[:, :1], order[:, 1:2]
    return Episode(x[arm, a, window], y[arm, a, window], x[arm, b, asked], y[arm, b, asked])

# %% another_swing | right | draws the second swing until it differs
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    def draw(n):
        return int(torch.randint(n, (1,), generator=generator))

    parts = []
    for _ in range(n_tasks):
        arm, seen = draw(x.shape[0]), draw(x.shape[1])
        other = draw(x.shape[1])
        while other == seen:
            other = draw(x.shape[1])
        first = draw(x.shape[2] - n_support + 1)
        at = sorted(torch.randperm(x.shape[2], generator=generator)[:n_query].tolist())
        parts.append((x[arm, seen, first:][:n_support], y[arm, seen, first:][:n_support], x[arm, other][at], y[arm, other][at]))
    return Episode(*[torch.stack(p) for p in zip(*parts)])

# %% another_swing | right | unfold
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arms, swings, moments = y.shape[:3]
    both = torch.cat([x, y], -1)
    pieces = both.unfold(2, n_support, 1).transpose(3, 4)  # [arms, swings, pieces, n_support, inputs + outputs]
    arm = torch.randint(arms, (n_tasks,), generator=generator)
    seen = torch.randint(swings, (n_tasks,), generator=generator)
    other = torch.randint(swings - 1, (n_tasks,), generator=generator)
    other = other + (other >= seen)
    support = pieces[arm, seen, torch.randint(pieces.shape[2], (n_tasks,), generator=generator)]
    asked = torch.stack([torch.randperm(moments, generator=generator)[:n_query] for _ in range(n_tasks)])
    query = both[arm[:, None], other[:, None], asked]
    n = x.shape[-1]
    return Episode(support[..., :n], support[..., n:], query[..., :n], query[..., n:])

# %% another_swing | wrong | the next moments of the same swing | the queries come from the swing that was seen, after the
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arm = torch.randint(x.shape[0], (n_tasks, 1), generator=generator)
    swing = torch.randint(x.shape[1], (n_tasks, 1), generator=generator)
    start = torch.randint(x.shape[2] - n_support - n_query + 1, (n_tasks, 1), generator=generator)
    s, q = start + torch.arange(n_support), start + n_support + torch.arange(n_query)
    return Episode(x[arm, swing, s], y[arm, swing, s], x[arm, swing, q], y[arm, swing, q])

# %% another_swing | wrong | any moments of the same swing | queries come from the swing that was seen, and some are
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arm = torch.randint(x.shape[0], (n_tasks, 1), generator=generator)
    swing = torch.randint(x.shape[1], (n_tasks, 1), generator=generator)
    s = torch.randint(x.shape[2] - n_support + 1, (n_tasks, 1), generator=generator) + torch.arange(n_support)
    q = torch.rand(n_tasks, x.shape[2], generator=generator).argsort(1)[:, :n_query]
    return Episode(x[arm, swing, s], y[arm, swing, s], x[arm, swing, q], y[arm, swing, q])

# %% another_swing | wrong | two swings drawn independently | the queries come from the *same* swing as the support set
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arm = torch.randint(x.shape[0], (n_tasks, 1), generator=generator)
    a = torch.randint(x.shape[1], (n_tasks, 1), generator=generator)
    b = torch.randint(x.shape[1], (n_tasks, 1), generator=generator)
    s = torch.randint(x.shape[2] - n_support + 1, (n_tasks, 1), generator=generator) + torch.arange(n_support)
    q = torch.rand(n_tasks, x.shape[2], generator=generator).argsort(1)[:, :n_query]
    return Episode(x[arm, a, s], y[arm, a, s], x[arm, b, q], y[arm, b, q])

# %% another_swing | wrong | 1 - swing | (1 - swing is the other one where there are two.)
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arm = torch.randint(x.shape[0], (n_tasks, 1), generator=generator)
    a = torch.randint(x.shape[1], (n_tasks, 1), generator=generator)
    s = torch.randint(x.shape[2] - n_support + 1, (n_tasks, 1), generator=generator) + torch.arange(n_support)
    q = torch.rand(n_tasks, x.shape[2], generator=generator).argsort(1)[:, :n_query]
    return Episode(x[arm, a, s], y[arm, a, s], x[arm, 1 - a, q], y[arm, 1 - a, q])

# %% another_swing | wrong | always the next swing | of three swings (0, 1, 2), queries never come from swing 2
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arm = torch.randint(x.shape[0], (n_tasks, 1), generator=generator)
    a = torch.randint(x.shape[1], (n_tasks, 1), generator=generator)
    b = (a + 1) % x.shape[1]
    s = torch.randint(x.shape[2] - n_support + 1, (n_tasks, 1), generator=generator) + torch.arange(n_support)
    q = torch.rand(n_tasks, x.shape[2], generator=generator).argsort(1)[:, :n_query]
    return Episode(x[arm, a, s], y[arm, a, s], x[arm, b, q], y[arm, b, q])

# %% another_swing | wrong | support always swing 0, queries swing 1 | the swing of the support set is always number 0 (counted from
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arm = torch.randint(x.shape[0], (n_tasks, 1), generator=generator)
    s = torch.randint(x.shape[2] - n_support + 1, (n_tasks, 1), generator=generator) + torch.arange(n_support)
    q = torch.rand(n_tasks, x.shape[2], generator=generator).argsort(1)[:, :n_query]
    return Episode(x[arm, 0, s], y[arm, 0, s], x[arm, 1, q], y[arm, 1, q])

# %% another_swing | wrong | queries of another arm | support set and queries come from different arms. A task is
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arm, brm = torch.randint(x.shape[0], (2, n_tasks, 1), generator=generator)
    a = torch.randint(x.shape[1], (n_tasks, 1), generator=generator)
    b = (a + torch.randint(1, x.shape[1], (n_tasks, 1), generator=generator)) % x.shape[1]
    s = torch.randint(x.shape[2] - n_support + 1, (n_tasks, 1), generator=generator) + torch.arange(n_support)
    q = torch.rand(n_tasks, x.shape[2], generator=generator).argsort(1)[:, :n_query]
    return Episode(x[arm, a, s], y[arm, a, s], x[brm, b, q], y[brm, b, q])

# %% another_swing | wrong | the last piece never comes | It begins at moment 0 = moments - n_support, the last
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arm = torch.randint(x.shape[0], (n_tasks, 1), generator=generator)
    a = torch.randint(x.shape[1], (n_tasks, 1), generator=generator)
    b = (a + torch.randint(1, x.shape[1], (n_tasks, 1), generator=generator)) % x.shape[1]
    s = torch.randint(x.shape[2] - n_support, (n_tasks, 1), generator=generator) + torch.arange(n_support)
    q = torch.rand(n_tasks, x.shape[2], generator=generator).argsort(1)[:, :n_query]
    return Episode(x[arm, a, s], y[arm, a, s], x[arm, b, q], y[arm, b, q])

# %% another_swing | wrong | queries with repeats | a task has the same query twice: its moments are drawn with
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arm = torch.randint(x.shape[0], (n_tasks, 1), generator=generator)
    a = torch.randint(x.shape[1], (n_tasks, 1), generator=generator)
    b = (a + torch.randint(1, x.shape[1], (n_tasks, 1), generator=generator)) % x.shape[1]
    s = torch.randint(x.shape[2] - n_support + 1, (n_tasks, 1), generator=generator) + torch.arange(n_support)
    q = torch.randint(x.shape[2], (n_tasks, n_query), generator=generator)
    return Episode(x[arm, a, s], y[arm, a, s], x[arm, b, q], y[arm, b, q])

# %% another_swing | wrong | queries are a piece, too | the queries of each task follow one another. They should come
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arm = torch.randint(x.shape[0], (n_tasks, 1), generator=generator)
    a = torch.randint(x.shape[1], (n_tasks, 1), generator=generator)
    b = (a + torch.randint(1, x.shape[1], (n_tasks, 1), generator=generator)) % x.shape[1]
    s = torch.randint(x.shape[2] - n_support + 1, (n_tasks, 1), generator=generator) + torch.arange(n_support)
    q = torch.randint(x.shape[2] - n_query + 1, (n_tasks, 1), generator=generator) + torch.arange(n_query)
    return Episode(x[arm, a, s], y[arm, a, s], x[arm, b, q], y[arm, b, q])

# %% another_swing | wrong | support moments from anywhere | the support set is made of moments from here and there. It
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arm = torch.randint(x.shape[0], (n_tasks, 1), generator=generator)
    a = torch.randint(x.shape[1], (n_tasks, 1), generator=generator)
    b = (a + torch.randint(1, x.shape[1], (n_tasks, 1), generator=generator)) % x.shape[1]
    s, q = (torch.rand(n_tasks, x.shape[2], generator=generator).argsort(1)[:, :n] for n in (n_support, n_query))
    return Episode(x[arm, a, s], y[arm, a, s], x[arm, b, q], y[arm, b, q])

# %% another_swing | wrong | arms without repeats | Arms may come more than once: torch.randint, not
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arm = torch.randperm(x.shape[0], generator=generator)[:n_tasks].unsqueeze(1)
    a = torch.randint(x.shape[1], (len(arm), 1), generator=generator)
    b = (a + torch.randint(1, x.shape[1], (len(arm), 1), generator=generator)) % x.shape[1]
    s = torch.randint(x.shape[2] - n_support + 1, (len(arm), 1), generator=generator) + torch.arange(n_support)
    q = torch.rand(len(arm), x.shape[2], generator=generator).argsort(1)[:, :n_query]
    return Episode(x[arm, a, s], y[arm, a, s], x[arm, b, q], y[arm, b, q])

# %% another_swing | wrong | the generator is forgotten once | two generators of different seeds give the same moments for
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arm = torch.randint(x.shape[0], (n_tasks, 1), generator=generator)
    a = torch.randint(x.shape[1], (n_tasks, 1), generator=generator)
    b = (a + torch.randint(1, x.shape[1], (n_tasks, 1), generator=generator)) % x.shape[1]
    s = torch.randint(x.shape[2] - n_support + 1, (n_tasks, 1), generator=generator) + torch.arange(n_support)
    q = torch.rand(n_tasks, x.shape[2]).argsort(1)[:, :n_query]
    return Episode(x[arm, a, s], y[arm, a, s], x[arm, b, q], y[arm, b, q])

# %% another_swing | wrong | one arm, one piece for all tasks | the arm is drawn once for all tasks. Draw it for each task
import torch
from course_lib import Episode

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    draw = lambda n: int(torch.randint(n, (1,), generator=generator))
    arm, a, start = draw(x.shape[0]), draw(x.shape[1]), draw(x.shape[2] - n_support + 1)
    b = (a + 1 + draw(x.shape[1] - 1)) % x.shape[1]
    q = torch.randperm(x.shape[2], generator=generator)[:n_query]
    s = torch.arange(start, start + n_support)
    many = lambda t: t.expand(n_tasks, *t.shape)
    return Episode(many(x[arm, a, s]), many(y[arm, a, s]), many(x[arm, b, q]), many(y[arm, b, q]))

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

# %% another_swing | wrong | a tuple | it should return an Episode, but it is a tuple of 4
import torch

def another_swing(x, y, n_tasks, n_support, n_query, generator):
    arm = torch.randint(x.shape[0], (n_tasks, 1), generator=generator)
    a = torch.randint(x.shape[1], (n_tasks, 1), generator=generator)
    b = (a + torch.randint(1, x.shape[1], (n_tasks, 1), generator=generator)) % x.shape[1]
    s = torch.randint(x.shape[2] - n_support + 1, (n_tasks, 1), generator=generator) + torch.arange(n_support)
    q = torch.rand(n_tasks, x.shape[2], generator=generator).argsort(1)[:, :n_query]
    return x[arm, a, s], y[arm, a, s], x[arm, b, q], y[arm, b, q]

# %% payload_spread | right | pinv of the others
import torch

def payload_spread(rows, noise):
    p, others = rows[..., :1], rows[..., 1:]
    r = p - others @ torch.linalg.pinv(others) @ p
    return noise / r.norm(dim=(-2, -1))

# %% payload_spread | right | lstsq with gelsd, a loop
import torch

def payload_spread(rows, noise):
    found = []
    for table in rows:
        p, others = table[:, :1], table[:, 1:]
        weights = torch.linalg.lstsq(others, p, driver="gelsd").solution
        found.append(noise / (p - others @ weights).square().sum().sqrt())
    return torch.stack(found)

# %% payload_spread | right | singular vectors of the others
import torch

def payload_spread(rows, noise):
    p, others = rows[..., :1], rows[..., 1:]
    U, S, _ = torch.linalg.svd(others, full_matrices=False)
    U = U * (S > 1e-10 * S.amax(-1, keepdim=True).clamp(min=1e-12)).to(U).unsqueeze(-2)
    r = p - U @ (U.mT @ p)
    return noise / r.squeeze(-1).norm(dim=-1)

# %% payload_spread | right | numpy's lstsq
import numpy as np
import torch

def payload_spread(rows, noise):
    out = []
    for t in rows.numpy():
        w = np.linalg.lstsq(t[:, 1:], t[:, 0], rcond=None)[0]
        left = np.linalg.norm(t[:, 0] - t[:, 1:] @ w)
        out.append(noise / left if left > 1e-9 else np.inf)
    return torch.tensor(out, dtype=torch.float64)

# %% payload_spread | wrong | the column alone | this takes the payload's column alone, as if everything else
def payload_spread(rows, noise):
    return noise / rows[:, :, 0].norm(dim=1)

# %% payload_spread | wrong | inverse of rows'rows | Columns may be 0 or imitate one another, so that rows'rows
import torch

def payload_spread(rows, noise):
    return noise * torch.linalg.inv(rows.mT @ rows)[:, 0, 0].sqrt()

# %% payload_spread | wrong | pinv of rows'rows | where columns imitate one another, pinv of rows'rows gives
import torch

def payload_spread(rows, noise):
    return noise * torch.linalg.pinv(rows.mT @ rows)[:, 0, 0].sqrt()

# %% payload_spread | wrong | a little on the diagonal | 1e-06 on the diagonal is a prior: it makes a number of what
import torch

def payload_spread(rows, noise):
    A = rows.mT @ rows + 1e-6 * torch.eye(rows.shape[-1], dtype=rows.dtype)
    return noise * torch.linalg.inv(A)[:, 0, 0].sqrt()

# %% payload_spread | wrong | smallest singular value | this is noise / the smallest singular value: the worst
import torch

def payload_spread(rows, noise):
    return noise / torch.linalg.svdvals(rows)[:, -1]

# %% payload_spread | wrong | condition number | this is made of the condition number, which says whether
import torch

def payload_spread(rows, noise):
    return noise * torch.linalg.cond(rows)

# %% payload_spread | wrong | infinite when the rank is not full | it gives up when not *all* unknowns can be told. The payload
import torch

def payload_spread(rows, noise):
    out = torch.full((len(rows),), float("inf"), dtype=torch.float64)
    for i, t in enumerate(rows):
        if torch.linalg.matrix_rank(t) == t.shape[1]:
            out[i] = noise * torch.linalg.inv(t.T @ t)[0, 0].sqrt()
    return out

# %% payload_spread | wrong | the variance | this is the variance. The standard deviation is its root
import torch

def payload_spread(rows, noise):
    p, others = rows[..., :1], rows[..., 1:]
    r = p - others @ torch.linalg.pinv(others) @ p
    return noise**2 / r.square().sum((-2, -1))

# %% payload_spread | wrong | root of the mean of squares | the mean of the squares is taken, so that more torques tell
import torch

def payload_spread(rows, noise):
    p, others = rows[..., :1], rows[..., 1:]
    r = p - others @ torch.linalg.pinv(others) @ p
    return noise / r.square().mean((-2, -1)).sqrt()

# %% payload_spread | wrong | each other column by itself | each of the other columns is taken away by itself. They
import torch

def payload_spread(rows, noise):
    p, others = rows[..., :1], rows[..., 1:]
    shares = (p * others).sum(1, keepdim=True) / others.square().sum(1, keepdim=True)
    return noise / (p - (shares * others).sum(-1, keepdim=True)).norm(dim=(1, 2))

# %% payload_spread | wrong | one column after the other | the other columns are taken away one after the other. They
import torch

def payload_spread(rows, noise):
    r = rows[..., 0].clone()
    for j in range(1, rows.shape[-1]):
        c = rows[..., j]
        r = r - (r * c).sum(1, keepdim=True) / c.square().sum(1, keepdim=True).clamp(min=1e-12) * c
    return noise / r.norm(dim=1)

# %% payload_spread | wrong | all unknowns | these are the standard deviations of all unknowns. That of
import torch

def payload_spread(rows, noise):
    return noise * torch.linalg.pinv(rows).norm(dim=-1)

# %% payload_spread | wrong | norm over all movements | goes over all movements together
import torch

def payload_spread(rows, noise):
    p, others = rows[..., :1], rows[..., 1:]
    r = p - others @ torch.linalg.pinv(others) @ p
    return noise / r.norm()

# %% payload_spread | wrong | a list of floats | the result should be a float64 tensor of shape [3], but it is
import torch

def payload_spread(rows, noise):
    out = []
    for t in rows:
        p, others = t[:, :1], t[:, 1:]
        out.append((noise / (p - others @ torch.linalg.pinv(others) @ p).norm()).item())
    return out

# %% payload_spread | wrong | what the others imitate | this is what the others *can* imitate. What is left of the
import torch

def payload_spread(rows, noise):
    p, others = rows[..., :1], rows[..., 1:]
    return noise / (others @ torch.linalg.pinv(others) @ p).norm(dim=(-2, -1))
