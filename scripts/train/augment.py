"""Augmentation of whole batches by tensor operations.

Dimensions: B batch, S output side, s source side. Images are float, 0 to 1.
"""

import torch
import torch.nn.functional as F

from clip_model import IMAGE_MEAN, IMAGE_STD


def normalise(images):
    mean = torch.tensor(IMAGE_MEAN).view(1, 3, 1, 1)
    std = torch.tensor(IMAGE_STD).view(1, 3, 1, 1)
    return (images - mean) / std


def uniform(count, low, high):
    return torch.empty(count).uniform_(low, high)


def sample(images, scale_x, scale_y, shift_x, shift_y, side):
    """Reads a window of each image: [B, s, s, channels] u8 -> [B, channels, S, S]. Scales below 1 zoom in."""
    count = len(images)
    theta = torch.zeros(count, 2, 3)
    theta[:, 0, 0], theta[:, 0, 2] = scale_x, shift_x
    theta[:, 1, 1], theta[:, 1, 2] = scale_y, shift_y
    grid = F.affine_grid(theta, (count, images.shape[3], side, side), align_corners=False)
    source = images.permute(0, 3, 1, 2).float().div_(255)
    return F.grid_sample(source, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def random_crop(images, side, min_area):
    """Random resized crop with flip: area from min_area to 1, aspect ratio from 3/4 to 4/3."""
    count = len(images)
    edge = uniform(count, min_area, 1.0).sqrt()
    aspect = torch.exp(uniform(count, -0.29, 0.29) / 2)
    scale_x, scale_y = (edge * aspect).clamp(max=1), (edge / aspect).clamp(max=1)
    shift_x = uniform(count, -1, 1) * (1 - scale_x)
    shift_y = uniform(count, -1, 1) * (1 - scale_y)
    flip = torch.where(torch.rand(count) < 0.5, -1.0, 1.0)
    return sample(images, scale_x * flip, scale_y, shift_x, shift_y, side)


def composite(figures, backgrounds, side):
    """Puts figures [B, s, s, 4] (u8, premultiplied alpha) on backgrounds [B, 3, S, S] at random scale and place."""
    count = len(figures)
    scale = 1 / uniform(count, 0.35, 1.1)
    # The figure's centre stays so far inside that most of the figure is visible.
    room = (1 - 0.8 / scale).clamp(min=0)
    shift_x, shift_y = (uniform(count, -1, 1) * room * scale for _ in range(2))
    flip = torch.where(torch.rand(count) < 0.5, -1.0, 1.0)
    layer = sample(figures, scale * flip, scale, shift_x, shift_y, side)
    return layer[:, :3] + backgrounds * (1 - layer[:, 3:])


def plain_backgrounds(count, side):
    """One colour each: a third white, the rest random."""
    colours = torch.rand(count, 3, 1, 1)
    colours[torch.rand(count) < 0.33] = 1.0
    return colours.expand(count, 3, side, side)


def jitter_colours(images):
    """Random brightness, contrast and channel gains; one image in twenty becomes grey."""
    count = len(images)
    gain = uniform(count, 0.75, 1.25).view(-1, 1, 1, 1) * uniform(count * 3, 0.93, 1.07).view(-1, 3, 1, 1)
    contrast = uniform(count, 0.75, 1.25).view(-1, 1, 1, 1)
    mean = images.mean(dim=(1, 2, 3), keepdim=True)
    images = ((images - mean) * contrast + mean) * gain
    grey = torch.rand(count) < 0.05
    images[grey] = images[grey].mean(dim=1, keepdim=True)
    return images.clamp_(0, 1)
