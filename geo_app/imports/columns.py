"""Recognises the headings of a file: English ones, those of Chinese exports and their pinyin, OpenStreetMap's tags."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from geo_app.imports.carried import without_carried
from geo_app.imports.initials import are_initials
from geo_app.imports.units import is_unit_of

# Our name → headings that mean it, the surest first. Compared without case, spaces, dashes and underscores.
POSITION = {
    "longitude": ("longitude", "lon", "lng", "long", "经度", "SACS_DQJD", "jd", "longitud"),
    "latitude": ("latitude", "lat", "纬度", "SACS_DQWD", "wd", "latitud"),
    "x": ("x", "easting", "xzb", "X坐标", "横坐标", "coordx"),
    "wkt": ("WKT",),
    "y": ("y", "northing", "yzb", "Y坐标", "纵坐标", "coordy"),
}
# What is measured and not named: here a number may be rounded.
MEASURES = frozenset(POSITION) | {
    "length", "layer", "households", "bearing", "field_of_view", "range_m", "height_m", "levels", "people",
    "response_minutes", "speed_mps", "speed_kmh", "heading", "accuracy_m",
}  # fmt: skip
NOTHING: Mapping[str, str] = MappingProxyType({})
BRACKETS = re.compile(r"[(\[【<{]([^()\[\]【】<>{}]*)[)\]】>}]")
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
        "category_type": ("category_type", "警情类型", "类型"),
        "category_subtype": ("category_subtype", "警情细类", "细类"),
        "category_detail": ("category_detail", "警情子类", "子类"),
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
        "caller_telephone": (
            "caller_telephone", "telephone", "phone", "联系电话", "lxdh", "报警电话", "报警人电话", "报警人联系电话",
        ),
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
        "address": ("address", "地址", "详细地址", "addr:full", "SACS_DZMC"),
        "estate_access": ("estate_access", "是否封闭", "封闭情况", "小区封闭情况", "是否开放", "封闭开放"),
        "hours": ("hours", "manning_hours", "值守时间", "勤务时间", "执勤时间", "ZSSJ"),
        "terms": ("terms", "term_calendar", "学期", "学期安排", "校历"),
    },
    "posts": {
        "key": ("id", "post_id", "code", "编号", "编码", "点位编号", "DWBH"),
        "name": ("name", "名称", "点位名称", "单位名称", "岗位名称", "DWMC"),
        "kind": ("kind", "type", "类型", "点位类型", "岗位类型", "类别", "DWLX"),
        "response_minutes": ("response_minutes", "minutes", "响应时间", "响应时间(分钟)", "到达时间(分钟)", "XYSJ"),
        "hours": ("hours", "manning_hours", "值守时间", "勤务时间", "执勤时间", "ZSSJ"),
        "team": ("team", "班组", "巡逻队", "值守单位", "责任单位"),
    },
    "addresses": {
        "key": (
            "id", "address_id", "address_key", "@id", "osm_id", "标准地址编码", "地址编码", "编码", "编号", "BZDZBM",
            "DZBM",
        ),
        "full_text": (
            "full_text", "full_address", "standard_address", "address", "标准地址", "地址全称", "详细地址", "地址名称",
            "地址", "BZDZ", "DZQC", "DZMC", "addr:full",
        ),
        "town": ("town", "乡镇", "乡镇街道", "镇街", "街道", "所属乡镇", "所属街道", "XZJD"),
        "community": ("community", "社区", "村社区", "村居", "所属社区", "SQ", "SQMC"),
        "villager_group": ("villager_group", "group", "村民小组", "小组", "自然村", "CMXZ"),
        "road": ("road", "street", "道路", "路名", "街路巷", "街路巷名称", "JLX", "JLXMC", "addr:street", "addr_street"),
        "number": (
            "number", "house_number", "housenumber", "门牌号", "门牌", "门楼牌号", "MPH", "MLPH", "addr:housenumber",
            "addr_housenumber",
        ),
        "estate": ("estate", "小区", "小区名称", "XQ", "XQMC"),
        "building": ("building", "楼栋", "楼栋号", "幢", "栋", "LDH"),
        "unit": ("unit", "单元", "单元号", "DYH", "addr:unit"),
    },
    "aliases": {
        "key": ("id", "alias_id", "别名编号", "编号"),
        "alias": ("alias", "别名", "地址别名", "俗称"),
        "address_key": ("address_key", "address_id", "标准地址编码", "地址编码", "BZDZBM"),
        "address_text": (
            "address_text", "standard_address", "full_address", "address", "标准地址", "标准地址全称", "地址", "BZDZ",
        ),
    },
    "buildings": {
        "key": ("id", "building_id", "@id", "osm_id", "楼栋编码", "建筑编码", "编码", "编号", "JZBM", "LDBM"),
        "name": ("name", "名称", "建筑名称", "楼栋名称", "JZMC", "LDMC", "name:zh"),
        "kind": ("kind", "building", "type", "建筑用途", "建筑类型", "用途", "类型", "JZLX"),
        "height_m": ("height_m", "height", "高度", "建筑高度", "楼高", "JZGD"),
        "levels": ("levels", "building:levels", "floors", "storeys", "层数", "楼层数", "地上层数", "CS"),
        "address": ("address", "地址", "详细地址", "DZ", "addr:full"),
        "road": ("road", "street", "addr:street", "addr_street"),
        "number": ("number", "house_number", "housenumber", "门牌号", "addr:housenumber", "addr_housenumber"),
    },
    "waters": {
        "key": ("id", "water_id", "@id", "osm_id", "水系编码", "河流代码", "编码", "编号", "SXBM"),
        "name": ("name", "名称", "水系名称", "河流名称", "湖泊名称", "SXMC", "name:zh"),
        "kind": ("kind", "waterway", "water", "natural", "type", "水系类型", "类型", "类别", "SXLX"),
    },
    "population": {
        "key": ("id", "编号"),
        "grid_code": ("grid_code", "grid", "网格编码", "网格编号", "网格代码", "WGBM", "WGBH"),
        "households": ("households", "户数", "住户数", "总户数", "HS", "ZHS"),
        "people": ("people", "population", "persons", "人口", "人口数", "总人口", "人数", "RKS", "ZRK"),
        "counted_on": ("counted_on", "counted", "date", "统计日期", "统计时间", "日期", "年份", "TJRQ"),
    },
    "categories": {
        "code": ("code", "category_code", "类别代码", "警情代码", "代码", "编码", "LBDM", "DM", "id"),
        "parent_code": ("parent_code", "parent", "上级代码", "父级代码", "上级编码", "SJDM"),
        "name": ("name", "category", "类别名称", "名称", "警情类别", "LBMC", "MC"),
        "valid": ("valid", "有效警情", "是否有效"),
        "preventable": ("preventable", "可防性案件", "可防性", "是否可防"),
    },
    "duty": {
        "team_name": ("team_name", "team", "班组", "巡逻队", "巡逻组", "队伍", "班组名称", "BZMC"),
        "person": ("person", "name", "姓名", "值班人员", "人员姓名", "XM"),
        "person_number": ("person_number", "number", "警号", "人员编号", "编号", "JH"),
        "person_rank": ("person_rank", "rank", "人员类别", "人员类型", "身份", "RYLB"),
        "station": ("station", "派出所", "所属单位", "辖区单位", "单位", "SSDW"),
        "starts_at": ("starts_at", "starts", "start", "开始时间", "上岗时间", "上班时间", "KSSJ"),
        "ends_at": ("ends_at", "ends", "end", "结束时间", "下岗时间", "下班时间", "JSSJ"),
        "date": ("date", "值班日期", "日期", "ZBRQ", "RQ"),
        "hours": ("hours", "shift_hours", "值班时间", "班次时间", "班次", "时段", "ZBSJ"),
    },
    "grid_people": {
        "grid_code": ("grid_code", "grid", "网格编码", "网格编号", "网格代码", "WGBM", "WGBH"),
        "role": ("role", "职务", "岗位", "人员类别", "人员类型", "身份"),
        "name": ("name", "person", "姓名", "人员姓名", "XM"),
        "telephone": ("telephone", "phone", "tel", "联系电话", "电话", "手机", "手机号", "手机号码", "LXDH"),
        "since": ("since", "from", "任职日期", "任职开始", "到岗日期", "开始日期"),
        "until": ("until", "任职至", "任职结束", "离岗日期", "离任日期", "结束日期"),
    },
    "tracks": {
        "device_code": (
            "device_code", "device", "device_id", "agent_id", "terminal_id", "vehicle_id", "设备编号", "设备编码",
            "终端编号", "终端号", "车辆编号", "车牌号", "SBBH", "ZDBH",
        ),
        "at": (
            "at", "time", "timestamp", "datetime", "gps_time", "定位时间", "GPS时间", "上报时间", "时间", "DWSJ",
        ),
        "speed_mps": ("speed_mps", "speed_ms", "speed"),
        "speed_kmh": ("speed_kmh", "speed(km/h)", "速度(km/h)", "速度", "车速", "SD"),
        "heading": ("heading", "course", "bearing", "方向角", "航向", "方向", "FX"),
        "accuracy_m": ("accuracy_m", "accuracy", "定位精度", "精度"),
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
        "workers": ("workers", "grid_worker", "网格员", "专职网格员", "网格员姓名"),
    },
}  # fmt: skip


@dataclass(frozen=True)
class Recognised:
    """Which heading means what: our name → the file's heading; and the headings that mean nothing to us.

    candidates: of those, what some may mean: heading → our names.
    """

    found: dict[str, str]
    unknown: tuple[str, ...]
    candidates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

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

    ``said``: our name → the heading that somebody says means it, "" when none does; it wins over what the heading looks
    like: known, known without its brackets, or initials of what is known. Raises KeyError, with the name or heading, for one that there is not.
    """
    left: dict[str, str] = {}
    for heading in without_carried(kind, headings):
        left.setdefault(folded(heading), heading)
    given = list(left.values())
    found: dict[str, str] = {}
    for name, heading in said.items():
        if name not in names(kind) or (heading and folded(heading) not in left):
            raise KeyError(name if name not in names(kind) else heading)
        if heading:
            found[name] = left.pop(folded(heading))
    for name, aliases in _meanings(kind).items():
        if name in said:
            continue
        for alias in aliases:
            if folded(alias) in left:
                found[name] = left.pop(folded(alias))
                break
    candidates: dict[str, tuple[str, ...]] = {}
    for looks_like in (_without_brackets, _usual_initials, _initials):
        candidates |= _take(left, found, {heading: looks_like(kind, heading) for heading in left.values()}, said)
    unknown = tuple(heading for heading in given if heading in left.values())
    return Recognised(found, unknown, {heading: candidates[heading] for heading in unknown if heading in candidates})


def _take(
    left: dict[str, str], found: dict[str, str], fitting: Mapping[str, Ranks], said: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Moves headings that fit one name from ``left`` to ``found``; the others that fit come back with their names.

    Of several headings that fit a name, the one with the surest alias means it; of two as good none does.
    """
    open_ = {
        heading: {name: rank for name, rank in ranks.items() if name not in found and name not in said}
        for heading, ranks in fitting.items()
    }
    alone = {heading: next(iter(ranks.items())) for heading, ranks in open_.items() if len(ranks) == 1}
    for name in dict.fromkeys(name for name, _ in alone.values()):
        ranks = {heading: rank for heading, (meant, rank) in alone.items() if meant == name}
        best = [heading for heading, rank in ranks.items() if rank == min(ranks.values())]
        if len(best) == 1:
            found[name] = left.pop(folded(best[0]))
    return {heading: tuple(ranks) for heading, ranks in open_.items() if ranks and heading in left.values()}


Ranks = Mapping[str, int]  # name → which of its aliases it is, 0 the surest


def _meanings(kind: str) -> dict[str, tuple[str, ...]]:
    return {name: (name, *aliases) for name, aliases in (HEADINGS[kind] | POSITION | MARKS).items()}


def _ranks(kind: str, fits: Callable[[str, str], bool]) -> Ranks:
    return {
        name: next(rank for rank, alias in enumerate(aliases) if fits(name, alias))
        for name, aliases in _meanings(kind).items()
        if any(fits(name, alias) for alias in aliases)
    }


@lru_cache(4096)
def _without_brackets(kind: str, heading: str) -> Ranks:
    """经度(°), *户数, 报警时间（年月日）. What stands in brackets behind a measure has to be its unit."""
    plain = unicodedata.normalize("NFKC", heading)
    bare, inside = folded(BRACKETS.sub("", plain).strip(" *:#")), BRACKETS.findall(plain)
    return _ranks(
        kind,
        lambda name, alias: (
            bare == folded(alias) and (name not in MEASURES or all(is_unit_of(word, name) for word in inside))
        ),
    )


@lru_cache(4096)
def _usual_initials(kind: str, heading: str) -> Ranks:
    return _ranks(kind, lambda name, alias: are_initials(folded(heading), alias, usually=True))


@lru_cache(4096)
def _initials(kind: str, heading: str) -> Ranks:
    return _ranks(kind, lambda name, alias: are_initials(folded(heading), alias))
