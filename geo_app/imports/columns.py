"""Recognises the headings of a file: English ones, those of Chinese exports and their pinyin, OpenStreetMap's tags."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

# Our name → headings that mean it, the surest first. Compared without case, spaces, dashes and underscores.
POSITION = {
    "longitude": ("longitude", "lon", "lng", "long", "经度", "SACS_DQJD", "jd", "longitud"),
    "latitude": ("latitude", "lat", "纬度", "SACS_DQWD", "wd", "latitud"),
    "x": ("x", "easting", "xzb", "X坐标", "横坐标", "coordx"),
    "y": ("y", "northing", "yzb", "Y坐标", "纵坐标", "coordy"),
}
# What is measured and not named: here a number may be rounded.
MEASURES = frozenset(POSITION) | {
    "length", "layer", "households", "bearing", "field_of_view", "range_m", "height_m",
}  # fmt: skip
NOTHING: Mapping[str, str] = MappingProxyType({})
MARKS = {"simulated": ("simulated", "演示数据", "是否演示")}

HEADINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "incidents": {
        "number": (
            "number", "incident_number", "case_number", "事件单编号", "接警单编号", "警情编号", "jjdbh", "JQBH",
            "incident_id", "POLYID", "id",
        ),
        "occurred_from": (
            "occurred_from", "occurred_at", "occurred", "事发时间", "发生时间", "bjsj_from", "datetime", "date_time",
            "incident_date", "date", "fecha_hechos", "fecha_hecho",
        ),
        "occurred_to": ("occurred_to", "事发结束时间", "发生时间止"),
        "reported_at": ("reported_at", "reported", "报警时间", "bjsj", "接警时间"),
        "acknowledged_at": ("acknowledged_at", "签收时间"),
        "departed_at": ("departed_at", "出警时间"),
        "feedback_at": ("feedback_at", "反馈时间"),
        "year": ("year", "年"), "month": ("month", "月"), "day": ("day", "日"),
        "hour": ("hour", "时"), "minute": ("minute", "分"),
        "category": ("category", "警情类别", "类别", "type", "modalidad"),
        "category_intake": ("category_intake", "接警类别"),
        "category_feedback": ("category_feedback", "反馈类别", "处警类别"),
        "case_kind": ("case_kind", "事件种类"),
        "discovered_by": ("discovered_by", "发现方式"),
        "valid": ("valid", "有效警情", "是否有效"),
        "preventable": ("preventable", "可防性案件", "可防性"),
        "non_police": ("non_police", "非警务"),
        "description": ("description", "事件详情", "报警内容", "bjnr", "警情明细"),
        "address": (
            "address", "事发地址", "案发地址", "afdz", "SACS_DZMC", "地址", "HUNDRED_BLOCK", "block", "location",
        ),
        "caller_name": ("caller_name", "caller", "报警人", "bjrxm", "报警人姓名"),
        "caller_telephone": ("caller_telephone", "telephone", "phone", "联系电话", "lxdh", "报警电话"),
    },
    "roads": {
        "key": ("id", "road_id", "street_id", "link_id", "osm_id", "@id", "way_id", "编号", "道路编号"),
        "name": ("name", "road_name", "street_name", "道路名称", "路名", "名称", "name:zh"),
        "road_class": ("road_class", "highway", "fclass", "class", "road_type", "道路等级", "等级", "kind_detail"),
        "one_way": ("one_way", "oneway", "单行", "单行线", "dir", "direction"),
        "layer": ("layer", "层"),
        "bridge": ("bridge", "is_bridge", "桥"),
        "tunnel": ("tunnel", "is_tunnel", "隧道"),
        "length": ("length", "长度", "length_m", "Shape_Leng", "Shape_Length"),
        "from_node": ("from_node", "fnode"),
        "to_node": ("to_node", "tnode"),
    },
    "places": {
        "key": ("id", "place_id", "@id", "osm_id", "code", "编号", "编码", "POLYID"),
        "name": ("name", "名称", "单位名称", "场所名称", "学校名称", "name:zh"),
        "kind": ("kind", "type", "category", "类别", "类型", "场所类型", "amenity"),
        "is_key": ("is_key", "key_place", "重点场所", "重点单位", "是否重点"),
        "address": ("address", "地址", "详细地址", "addr:full"),
    },
    "cameras": {
        "code": ("code", "camera_code", "设备编码", "国标编码", "点位编码", "编码", "DeviceID", "id", "@id"),
        "name": ("name", "点位名称", "设备名称", "名称", "安装地址"),
        "kind": ("kind", "camera_type", "摄像机类型", "类型", "camera:type", "PTZType"),
        "owner_class": ("owner_class", "建设类别", "点位类别"),
        "status": ("status", "状态", "在线状态"),
        "bearing": ("bearing", "方位角", "朝向", "azimuth", "camera:direction", "direction"),
        "direction_type": ("direction_type", "DirectionType", "监视方位"),
        "field_of_view": ("field_of_view", "fov", "视场角", "camera:angle"),
        "range_m": ("range_m", "range", "可视距离", "监控距离"),
        "height_m": ("height_m", "height", "架设高度", "安装高度"),
        "estimated": ("estimated", "是否推算"),
    },
    "routes": {
        "key": ("id", "route_id", "code", "编号", "路线编号"),
        "name": ("name", "路线名称", "名称", "巡逻路线"),
        "mode": ("mode", "巡逻方式", "方式"),
        "departures": ("departures", "departure", "出发时间", "时间"),
        "mandatory": ("mandatory", "必巡线", "必巡"),
        "team": ("team", "班组", "巡逻队"),
    },
    "areas": {
        "code": (
            "code", "area_code", "行政区划代码", "区划代码", "统计用区划代码", "代码", "编码", "ward_code", "mapid",
            "ref", "dist_num", "id",
        ),
        "name": ("name", "area_name", "行政区名称", "名称", "ward_name", "name:zh"),
        "tree": ("tree", "体系"),
        "level": ("level", "层级", "级别"),
        "parent": ("parent", "parent_code", "上级代码", "上级编码"),
        "statistical_code": ("statistical_code", "统计代码"),
        "police_code": ("police_code", "公安机关机构代码", "GAJGJGDM", "公安代码"),
    },
    "grids": {
        "code": ("code", "grid_code", "网格编码", "网格编号", "编码", "编号", "id"),
        "name": ("name", "grid_name", "网格名称", "名称"),
        "kind": ("kind", "网格类型", "类型"),
        "households": ("households", "户数", "住户数"),
        "leader_name": ("leader_name", "leader", "网格长", "网格长姓名"),
        "leader_telephone": ("leader_telephone", "网格长电话", "联系电话"),
    },
}  # fmt: skip


@dataclass(frozen=True)
class Recognised:
    """Which heading means what: our name → the file's heading; and the headings that mean nothing to us."""

    found: dict[str, str]
    unknown: tuple[str, ...]

    def __contains__(self, name: str) -> bool:
        return name in self.found

    def __getitem__(self, name: str) -> str:
        return self.found[name]


def folded(heading: str) -> str:
    """A heading as it is compared: full-width forms, case, spaces, dashes and underscores taken away."""
    return re.sub(r"[\s_\-.]+", "", unicodedata.normalize("NFKC", heading)).casefold()


def names(kind: str) -> tuple[str, ...]:
    """What a column of a file of ``kind`` can mean."""
    return tuple(HEADINGS[kind] | POSITION | MARKS)


def recognise(kind: str, headings: Iterable[str], said: Mapping[str, str] = NOTHING) -> Recognised:
    """Finds what the headings of a file of ``kind`` mean. A heading means at most one thing.

    ``said``: our name → the heading that somebody says means it; it wins over what the heading looks like. Raises
    KeyError, with the name or heading, for one that there is not.
    """
    left: dict[str, str] = {}
    for heading in headings:
        left.setdefault(folded(heading), heading)
    given = list(left.values())
    found: dict[str, str] = {}
    for name, heading in said.items():
        if name not in names(kind) or folded(heading) not in left:
            raise KeyError(name if name not in names(kind) else heading)
        found[name] = left.pop(folded(heading))
    for name, aliases in (HEADINGS[kind] | POSITION | MARKS).items():
        if name in found:
            continue
        for alias in aliases:
            if folded(alias) in left:
                found[name] = left.pop(folded(alias))
                break
    return Recognised(found, tuple(heading for heading in given if heading in left.values()))
